"""Land sources, run dbt with its tests, check, publish what is fit."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.build import build
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("build")
@faces.verb
@faces.timed
@click.option("--force", is_flag=True, help="Build even where nothing is due, and take what changed as it is now.")
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool, as_of: datetime, force: bool) -> None:
    """Land sources, run dbt with its tests, check, publish what is fit.

    A relation that fails keeps its last published version, and nothing learns from it until it is mended.
    Exits 0 if all is sound, 1 if a guard is red or cannot tell, 2 if it could not run.
    """
    project = find(folder)
    with faces.progress() as progress:
        result = build(project, open_logbook(project.logbook), as_of, progress=progress, force=force)
    if as_json:
        faces.data(result)
    else:
        faces.verdicts(result.verdicts)
        click.echo(f"published {len(result.published)} relations" if result.new else "nothing was due: the same sources and SQL are built")
    ctx.exit(faces.exit_code(result.outcome))
