"""One tick of all of it: what a scheduler calls."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.run import run
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("run")
@faces.verb
@faces.timed
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool, as_of: datetime) -> None:
    """One tick of all of it: build, score, monitor, retrain, as due.

    Each step has a process of its own and is noted in the logbook; killed at any moment, the same command with the
    same --as-of goes on where it stood. Exits 0 if every step is sound, 1 if one is not.
    """
    project = find(folder)
    with faces.progress() as progress:
        result = run(project, open_logbook(project.logbook), as_of, progress=progress)
    if as_json:
        faces.data(result)
    else:
        for step in result.steps:
            click.echo(f"{step.status:12}{step.name:34}{step.words}")
    ctx.exit(faces.exit_code(result.outcome))
