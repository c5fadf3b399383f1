"""Answer requests with what is promoted, over HTTP."""

from pathlib import Path

import click

from shipworthy.serving.run import serve
from shipworthy.spec.project import find


@click.command("serve")
@click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")
@click.option("--host", help="The address to bind to; the settings' if absent.")
@click.option("--port", type=int, help="The port; the settings' if absent, 0 takes a free one.")
def command(folder: Path, host: str | None, port: int | None) -> None:
    """Answer requests with what is promoted, over HTTP.

    Follows `promote` and `rollback` without a failed request. Ends on SIGTERM when what is under way is answered.
    """
    serve(find(folder), host=host, port=port)
