"""Write the pages as a static site."""

from pathlib import Path

import click

from shipworthy import clock
from shipworthy.console.site import export
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("docs")
@click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), default="site", help="The folder to write to, from the project's folder."
)
def command(folder: Path, to: Path) -> None:
    """Write the pages as a static site that opens from a file: the same pages as the console's."""
    project = find(folder)
    count = export(project, open_logbook(project.logbook), project.root / to, now=clock.now())
    click.echo(f"wrote {count} files to {project.root / to}")
