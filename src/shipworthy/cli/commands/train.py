"""Train a candidate and judge it by its gates."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.mlflow_pages import pages
from shipworthy.flows.train import train
from shipworthy.logbook import read
from shipworthy.logbook.store import open_logbook
from shipworthy.records import ModelVersion
from shipworthy.spec.project import Project, find


@click.command("train")
@click.argument("model")
@faces.verb
@faces.timed
@click.option("--why", default="asked for", help="For what reason.")
@click.pass_context
def command(ctx: click.Context, model: str, folder: Path, as_json: bool, as_of: datetime, why: str) -> None:
    """Train a candidate of MODEL on what was known at a moment, and judge it by its gates.

    The same training again gives the same version. Exits 0 if every gate is green or waived, 1 if one is not.
    """
    project = find(folder)
    with faces.progress() as progress:
        result = train(project, open_logbook(project.logbook), model, as_of, why=why, progress=progress)
    if as_json:
        faces.data(result)
    else:
        click.echo(f"{model}@{result.version.version}{'' if result.new else ' (trained before)'}: {faces.promised(result.promise)}")
        faces.verdicts(result.verdicts, everything=True)
        _where(project, result.version)
    ctx.exit(0 if result.version.sound else 1)


def _where(project: Project, version: ModelVersion) -> None:
    """Write where MLflow shows the version, alone and beside the earlier ones, and how its pages are started where nothing answers."""
    found = pages(project, [one for one in read.versions(open_logbook(project.logbook), version.model) if one.version <= version.version])
    run, compared = found.links.get(f"{version.model}@{version.version}"), found.links.get(version.model)
    if run:
        click.echo(f"in MLflow: {run}{'' if found.answers else '  (start its pages: shipworthy tracking)'}")
    if compared:
        click.echo(f"compared with earlier versions: {compared}")
