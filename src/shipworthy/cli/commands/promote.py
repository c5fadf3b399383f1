"""Let a version answer, if its gates are green or waived."""

from datetime import datetime
from getpass import getuser
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.promote import promote
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("promote")
@click.argument("model")
@faces.verb
@faces.timed
@click.option("--version", "number", type=int, help="The version; the newest if absent.")
@click.option("--who", default=getuser, help="Who answers for it.")
@click.option("--why", default="asked for", help="For what reason.")
@click.pass_context
def command(ctx: click.Context, model: str, folder: Path, as_json: bool, as_of: datetime, number: int | None, who: str, why: str) -> None:
    """Let a version of MODEL answer, if its gates are green or waived.

    A running service follows within a second, without a failed request. Exits 1 if a gate refuses.
    """
    project = find(folder)
    result = promote(project, open_logbook(project.logbook), model, number, who=who, why=why, at=as_of)
    if as_json:
        faces.data(result)
    elif result.deployment:
        click.echo(f"{model}@{result.version.version} answers from now on")
    else:
        click.echo(f"{model}@{result.version.version} is refused:")
        faces.verdicts(result.red)
    ctx.exit(0 if result.deployment else 1)
