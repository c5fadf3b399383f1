"""Repeat the same training through history, as it was known."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.backtest import backtest
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.duration import duration
from shipworthy.spec.project import find


@click.command("backtest")
@click.argument("model")
@faces.verb
@faces.timed
@click.option("--every", default="4 weeks", help="How much time between two trainings.")
@click.option("--version", "number", type=int, help="The version that the lines belong to; the newest if absent.")
def command(model: str, folder: Path, as_json: bool, as_of: datetime, every: str, number: int | None) -> None:
    """Repeat the same training of MODEL through history, as it was known at each moment."""
    try:
        step = duration(every)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--every") from None
    project = find(folder)
    with faces.progress() as progress:
        result = backtest(project, open_logbook(project.logbook), model, as_of, every=step, number=number, progress=progress)
    if as_json:
        faces.data(result)
    else:
        for line in result.lines:
            click.echo(f"{line.window.start:%Y-%m-%d} to {line.window.end:%Y-%m-%d}  {faces.promised(line)}")
