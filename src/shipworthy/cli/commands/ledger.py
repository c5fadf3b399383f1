"""What each version promised, and what came true."""

from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.ledger import ledger
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("ledger")
@click.argument("model", required=False)
@faces.verb
def command(model: str | None, folder: Path, as_json: bool) -> None:
    """What each version of MODEL (or of all models) promised, and what came true, beside the rule on the same rows."""
    project = find(folder)
    lines = ledger(open_logbook(project.logbook), model)
    if as_json:
        faces.data(lines)
    else:
        faces.ledger(lines)
