"""Service, console and loop on this machine."""

import signal
from pathlib import Path
from threading import Event

import click

from shipworthy.cli import faces
from shipworthy.flows.up import up
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("up")
@click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")
def command(folder: Path) -> None:
    """Service, console and loop on this machine, with embedded stores, until Ctrl-C or SIGTERM."""
    project, stop = find(folder), Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = project.settings
    click.echo(
        f"service http://{settings.service.host}:{settings.service.port}  console http://{settings.console.host}:{settings.console.port}",
        err=True,
    )
    with faces.progress() as progress:
        up(project, open_logbook(project.logbook), stop=stop, progress=progress)
