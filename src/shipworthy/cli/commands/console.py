"""Show the pages."""

from pathlib import Path

import click

from shipworthy.console.app import serve
from shipworthy.spec.project import find


@click.command("console")
@click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")
@click.option("--port", type=int, help="The port; the settings' if absent, 0 takes a free one.")
def command(folder: Path, port: int | None) -> None:
    """Show the pages: all models, what they promised and what came true, alarms, gates, data."""
    serve(find(folder), port=port)
