"""Train a candidate and judge it by its gates."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.train import train
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


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
    ctx.exit(0 if result.version.sound else 1)
