"""Let the version before answer again."""

from datetime import datetime
from getpass import getuser
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.promote import rollback
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("rollback")
@click.argument("model")
@faces.verb
@faces.timed
@click.option("--version", "number", type=int, help="A version that answered before; the last such one if absent.")
@click.option("--who", default=getuser, help="Who answers for it.")
@click.option("--why", default="asked for", help="For what reason.")
def command(model: str, folder: Path, as_json: bool, as_of: datetime, number: int | None, who: str, why: str) -> None:
    """Let the version of MODEL that answered before answer again."""
    project = find(folder)
    result = rollback(project, open_logbook(project.logbook), model, who=who, why=why, at=as_of, number=number)
    if as_json:
        faces.data(result)
    else:
        click.echo(f"{model}@{result.version} answers again")
