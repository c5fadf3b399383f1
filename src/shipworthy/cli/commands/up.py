"""Service, console and loop on this machine."""

import signal
from contextlib import suppress
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.up import up
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("up")
@click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")
def command(folder: Path) -> None:
    """Service, console and loop on this machine, with embedded stores, until Ctrl-C or SIGTERM."""
    project = find(folder)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = project.settings
    click.echo(
        f"service http://{settings.service.host}:{settings.service.port}  console http://{settings.console.host}:{settings.console.port}",
        err=True,
    )
    with suppress(KeyboardInterrupt), faces.progress() as progress:
        up(project, open_logbook(project.logbook), progress=progress)
