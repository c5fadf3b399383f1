"""Everything that can be said before training."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.check import check
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("check")
@click.argument("model", required=False)
@faces.verb
@faces.timed
@click.pass_context
def command(ctx: click.Context, model: str | None, folder: Path, as_json: bool, as_of: datetime) -> None:
    """Everything that can be said of MODEL (or of all) before training: brief, descriptions, contract, grain, leakage, split.

    What is refused comes first, then what cannot be told, then what is only noted.
    Exits 0 if all is sound, 1 if something is out of bounds or cannot be told.
    """
    project = find(folder)
    with faces.progress() as progress:
        result = check(project, open_logbook(project.logbook), as_of, only=model, progress=progress)
    if as_json:
        faces.data(result)
    else:
        faces.verdicts(result.verdicts)
    ctx.exit(faces.exit_code(result.outcome))
