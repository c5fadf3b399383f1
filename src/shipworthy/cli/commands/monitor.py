"""Join outcomes, measure windows, judge, alarm."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.bounds import worst
from shipworthy.cli import faces
from shipworthy.flows.monitor import monitor
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find, models


@click.command("monitor")
@click.argument("model", required=False)
@faces.verb
@faces.timed
@click.pass_context
def command(ctx: click.Context, model: str | None, folder: Path, as_json: bool, as_of: datetime) -> None:
    """Join outcomes, measure windows, judge, alarm: for MODEL, or for all.

    Exits 0 if the newest window is sound, 1 if something is out of bounds or cannot be told.
    """
    project = find(folder)
    book = open_logbook(project.logbook)
    with faces.progress() as progress:
        looks = [monitor(project, book, name, as_of, progress=progress) for name in ([model] if model else models(project))]
    if as_json:
        faces.data(looks)
    else:
        for look in looks:
            seen = f"{look.absorbed:,} new records, {len(look.windows)} windows judged, {look.delivered} messages sent"
            click.echo(f"{look.model}: {look.words or seen}")
            faces.verdicts(look.verdicts)
    ctx.exit(faces.exit_code(worst([look.outcome for look in looks])))
