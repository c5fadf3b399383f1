"""Everything that can be said before training."""

from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from shipworthy.bounds import worst
from shipworthy.cli import faces
from shipworthy.flows.check import check
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import Project, find


@click.command("check")
@click.argument("model", required=False)
@click.option("--feasibility", "only_feasibility", is_flag=True, help="Whether more history would bring it to its target; takes minutes.")
@faces.verb
@faces.timed
@click.pass_context
def command(ctx: click.Context, model: str | None, folder: Path, as_json: bool, as_of: datetime, only_feasibility: bool) -> None:
    """Everything that can be said of MODEL (or of all) before training: brief, descriptions, contract, grain, leakage, split.

    What is refused comes first, then what cannot be told, then what is only noted.
    Exits 0 if all is sound, 1 if something is out of bounds or cannot be told.
    """
    project = find(folder)
    if only_feasibility:
        _feasibility(ctx, project, model, as_of, as_json=as_json)
    with faces.progress() as progress:
        result = check(project, open_logbook(project.logbook), as_of, only=model, progress=progress)
    if as_json:
        faces.data(result)
    else:
        faces.verdicts(result.verdicts)
    ctx.exit(faces.exit_code(result.outcome))


def _feasibility(ctx: click.Context, project: Project, model: str | None, as_of: datetime, *, as_json: bool) -> NoReturn:
    """Say of each model what more history would bring, and end."""
    from shipworthy.flows.feasibility import feasibility  # noqa: PLC0415 — loads what a training loads

    with faces.progress() as progress:
        found = feasibility(project, as_of, only=model, progress=progress)
    if as_json:
        faces.data(found)
    else:
        faces.chapters(found)
    ctx.exit(faces.exit_code(worst([verdict.outcome for chapter in found for verdict in chapter.verdicts])))
