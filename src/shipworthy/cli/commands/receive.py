"""Takes what streams hand out."""

import signal
from datetime import timedelta
from pathlib import Path
from threading import Event

import click

from shipworthy.cli import faces
from shipworthy.flows.receive import drain, receive, streams
from shipworthy.spec.duration import duration
from shipworthy.spec.project import find


def length(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Return the length of time that was given."""
    try:
        return duration(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("receive")
@click.argument("source", required=False)
@faces.verb
@click.option("--for", "how_long", callback=length, help="How long, such as '10 minutes'; until Ctrl-C or SIGTERM if absent.")
@click.option("--once", is_flag=True, help="Take what is there now, and end.")
@click.pass_context
def command(ctx: click.Context, source: str | None, folder: Path, as_json: bool, how_long: timedelta | None, once: bool) -> None:
    """Take what the stream of SOURCE (or of all sources that have one) hands out into deliveries, which `build` lands.

    A message is acknowledged once it is on disk; killed at any moment, nothing is lost. `build` takes what is there by itself:
    a process that listens all the time is needed only where freshness asks for it. Exits 1 if a broker let go of messages
    before they were read.
    """
    project = find(folder)
    contracts = streams(project, source)
    stop = Event()
    with faces.progress() as progress:
        if once:
            came = [drain(project, contract, progress=progress) for contract in contracts]
        else:
            for asked in (signal.SIGTERM, signal.SIGINT):
                signal.signal(asked, lambda *_: stop.set())
            came = receive(project, contracts, stop, length=how_long, progress=progress)
    if as_json:
        faces.data(came)
    else:
        for one in came:
            click.echo(f"{one.source:28}{one.words}")
    ctx.exit(1 if any(one.gone for one in came) else 0)
