"""Records that broke their contract: list them, correct them, try them again."""

from datetime import datetime
from getpass import getuser
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.quarantine import Held, Selection, Tried, fix, held, replay
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


def _pairs(_context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """Return `COLUMN=VALUE` as a mapping."""
    for pair in value:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r} is not COLUMN=VALUE", param=parameter)
    return {pair.partition("=")[0]: pair.partition("=")[2] for pair in value}


@click.command("quarantine")
@click.argument("action", type=click.Choice(["list", "fix", "replay"]), default="list")
@click.argument("source", required=False)
@faces.verb
@faces.timed
@click.option("--record", "records", multiple=True, help="fix: the record of this name; may be repeated.")
@click.option("--kind", help="fix: the open records that break the contract in this way.")
@click.option("--where", "values", multiple=True, callback=_pairs, help="fix: the open records in which COLUMN=VALUE; may be repeated.")
@click.option("--set", "wanted", multiple=True, callback=_pairs, help="fix: the corrected COLUMN=VALUE; may be repeated.")
@click.option("--text", help="fix: the whole corrected record, as JSON.")
@click.option("--who", default=getuser, help="fix: who answers for it.")
@click.option("--why", help="fix: for what reason; needed.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    action: str,
    source: str | None,
    folder: Path,
    as_json: bool,
    as_of: datetime,
    records: tuple[str, ...],
    kind: str | None,
    values: dict[str, str],
    wanted: dict[str, str],
    text: str | None,
    who: str,
    why: str | None,
) -> None:
    """Records that broke their contract: list them, fix them, or replay them.

    `list` counts the open records of every source (or of SOURCE) by reason, with examples. `fix` puts corrected values in place
    of what the chosen records of SOURCE hold, keeps what they came with, and tries them again. `replay` tries all open records
    again, for example after the contract was mended. Exits 0 if nothing is open any more, 1 if something is.
    """
    project = find(folder)
    if action == "list":
        _told(ctx, held(project, source), as_json=as_json)
    book = open_logbook(project.logbook)
    if action == "replay":
        _told(ctx, replay(project, book, as_of, source), as_json=as_json)
    if source is None or why is None:
        raise click.UsageError("fix needs the SOURCE, and --why")
    chosen = Selection(records, kind, values)
    _told(ctx, [fix(project, book, source, chosen, wanted, text=text, who=who, why=why, at=as_of)], as_json=as_json)


def _told(ctx: click.Context, found: list[Held] | list[Tried], *, as_json: bool) -> None:
    """Write what was found, and end with the exit code that goes with it."""
    if as_json:
        faces.data(found)
    for one in found if not as_json else []:
        if isinstance(one, Tried):
            click.echo(f"{one.source}: {one.landed:,} of {one.tried:,} records keep the contract now")
        _written(one.held if isinstance(one, Tried) else one)
    still = sum((one.held if isinstance(one, Tried) else one).open for one in found)
    ctx.exit(1 if still else 0)


def _written(one: Held) -> None:
    click.echo(f"{one.source}: {one.open:,} open, {one.landed:,} landed later, {one.withdrawn:,} withdrawn")
    for reason in one.reasons:
        click.echo(f"  {reason.count:,} by {reason.column or 'the record'} ({reason.kind})")
        for record in reason.examples:
            more = f"; also {record.more}" if record.more else ""
            click.echo(f"    {record.id}  {record.delivery}, record {record.record}: {record.reason}{more}")
