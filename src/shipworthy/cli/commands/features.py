"""The features of decisions in a file, as known at each of them."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.features import features, write
from shipworthy.spec.project import find


@click.command("features")
@click.argument("model")
@click.option(
    "--entities", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV or Parquet: one row for each decision."
)
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="A file to write, .csv or .parquet; stdout if absent.")
@faces.verb
@faces.timed
def command(model: str, entities: Path, into: Path | None, folder: Path, as_json: bool, as_of: datetime) -> None:
    """The features of MODEL for decisions in a file, as known at each of them: what a training set would hold.

    The file has the columns of decisions by which features are found, and `decided_at`, the moment of each. Rows stay in their order.
    """
    found = features(find(folder), model, entities, as_of)
    if into:
        write(found, into)
        click.echo(f"{found.rows.num_rows:,} rows with {len(found.features)} features in {into}", err=True)
    elif as_json:
        faces.data(found.rows.to_pylist())
    else:
        faces.table(found.rows)
