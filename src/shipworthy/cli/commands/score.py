"""Score every new decision in the warehouse with the champion."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.score import score
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("score")
@click.argument("model")
@faces.verb
@faces.timed
@click.option("--since", help="Where to begin, if nothing was scored yet: a moment.")
def command(model: str, folder: Path, as_json: bool, as_of: datetime, since: str | None) -> None:
    """Score every new decision of MODEL in the warehouse with the champion.

    The scores land in the lake as `scores/<model>`, a dbt source; each decision is scored once.
    """
    project = find(folder)
    begin = faces.moment(click.get_current_context(), click.Option(["--since"]), since) if since else None
    result = score(project, open_logbook(project.logbook), model, as_of, since=begin)
    if as_json:
        faces.data(result)
    else:
        span = f"from {result.since:%Y-%m-%d %H:%M} to {result.until:%Y-%m-%d %H:%M}"
        click.echo(f"{result.rows:,} decisions {span} scored by {model}@{result.version}")
