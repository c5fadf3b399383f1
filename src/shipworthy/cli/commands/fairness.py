"""What could be done about groups that are treated differently, and what it would cost."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.bounds import worst
from shipworthy.cli import faces
from shipworthy.spec.project import find


@click.command("fairness")
@click.argument("model")
@faces.verb
@faces.timed
@click.pass_context
def command(ctx: click.Context, model: str, folder: Path, as_json: bool, as_of: datetime) -> None:
    """Compare what could be done about groups of people whom MODEL treats differently, beside what it costs; deploys nothing.

    Exits 0 if the plain learner is surely within the policy, 1 if it is not or cannot be told, 2 if nothing could be compared.
    """
    from shipworthy.flows.mitigation import mitigation  # noqa: PLC0415 — loads Fairlearn, which takes seconds

    with faces.progress() as progress:
        found = mitigation(find(folder), model, as_of, progress=progress)
    if as_json:
        faces.data(found)
    else:
        faces.chapters([found])
    ctx.exit(faces.exit_code(worst([verdict.outcome for verdict in found.verdicts])))
