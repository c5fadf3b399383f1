"""Compare what was served with what the lake gives for it."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.bounds import worst
from shipworthy.cli import faces
from shipworthy.flows.replay import Replayed, replay, yesterday
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Window
from shipworthy.spec.project import find, models


@click.command("replay")
@click.argument("model", required=False)
@click.option("--from", "start", callback=faces.maybe_moment, help="The first answer: a moment; the beginning of yesterday if absent.")
@click.option("--to", "end", callback=faces.maybe_moment, help="Where to end, itself left out; the end of yesterday if absent.")
@faces.verb
@faces.timed
@click.pass_context
def command(
    ctx: click.Context, model: str | None, start: datetime | None, end: datetime | None, folder: Path, as_json: bool, as_of: datetime
) -> None:
    """Compare what MODEL (or every model) was served with, cell by cell, with what the lake gives for it as of each decision.

    Each difference has its cause: stale, late, definition or missing. Exits 0 if enough cells are equal, 1 if not, or if nothing
    was served.
    """
    project, day = find(folder), yesterday(as_of)
    span = Window(start or day.start, end or day.end)
    if span.start >= span.end:
        raise click.BadParameter(f"{span.start:%Y-%m-%d %H:%M} is not before {span.end:%Y-%m-%d %H:%M}", param_hint="'--from'")
    book = open_logbook(project.logbook)
    with faces.progress() as progress:
        found = [replay(project, book, name, span, as_of, progress=progress) for name in ([model] if model else models(project))]
    if as_json:
        faces.data([{**faces.plain(one), "share": one.share} for one in found])
    else:
        for one in found:
            _show(one)
        faces.verdicts([one.verdict for one in found])
    ctx.exit(faces.exit_code(worst([one.outcome for one in found])))


def _show(one: Replayed) -> None:
    click.echo(f"{one.model}: {one.rows:,} answers from {one.window.start:%Y-%m-%d %H:%M} to {one.window.end:%Y-%m-%d %H:%M}")
    for difference in one.differences:
        click.echo(f"  {difference.cause:11}{difference.cells:9,} cells of {', '.join(difference.features)}")
        click.echo(f"{'':13}{difference.words}")
        click.echo(f"{'':13}fix: {difference.fix}")
    for name, cells in one.cells.items():
        if one.equal[name] < cells:
            click.echo(f"  {name:40}{one.equal[name] / cells:8.4f} of {cells:,} cells are equal")
