"""Train a version again from what was recorded of it, and compare."""

from pathlib import Path

import click

from shipworthy import clock
from shipworthy.cli import faces
from shipworthy.flows.reproduce import keep, reproduce
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("reproduce")
@click.argument("name", metavar="RUN_OR_VERSION")
@faces.verb
@click.pass_context
def command(ctx: click.Context, name: str, folder: Path, as_json: bool) -> None:
    """Train RUN_OR_VERSION again and compare: a version such as churn@3, a run, or a run of MLflow.

    Data from the pinned versions of the lake, code from git with the changes that were not committed, the same seed; nothing of
    the project changes, and the logbook keeps what came of it. Exits 0 if all came out the same to the last bit, 1 if something
    did not or is gone, 2 if it could not be trained again.
    """
    project = find(folder)
    book = open_logbook(project.logbook)
    with faces.progress() as progress:
        made = reproduce(project, book, name, progress=progress)
    keep(book, made, clock.now())
    if as_json:
        faces.data({**faces.plain(made), "outcome": made.outcome})
    else:
        click.echo(f"{made.model}@{made.version}, trained again ({made.run})")
        faces.verdicts(made.verdicts, everything=True)
        for cause in made.causes:
            click.echo(f"{'':8}differs: {cause}")
        if made.outcome == "fail" and not made.causes:
            click.echo(f"{'':8}packages, processor and threads are those of then: look for what the training reads besides its spec")
    ctx.exit(faces.exit_code(made.outcome))
