"""Train again if there is a reason to and the data passed."""

from datetime import datetime
from getpass import getuser
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.retrain import retrain
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("retrain")
@click.argument("model")
@faces.verb
@faces.timed
@click.option("--now", "asked", is_flag=True, help="Do not wait for a reason: you are one.")
@click.pass_context
def command(ctx: click.Context, model: str, folder: Path, as_json: bool, as_of: datetime, asked: bool) -> None:
    """Train MODEL again if there is a reason to and the data passed, and promote it if its gates are green.

    Goes back to the version before where the last promotion made things worse. Exits 1 if a gate refuses.
    """
    project = find(folder)
    with faces.progress() as progress:
        result = retrain(project, open_logbook(project.logbook), model, as_of, progress=progress, asked_by=getuser() if asked else None)
    if as_json:
        faces.data(result)
    else:
        click.echo(f"{model}: {result.words}")
        for reason in result.reasons:
            click.echo(f"  because {reason.words}")
    ctx.exit(1 if result.promotion and not result.promotion.deployment else 0)
