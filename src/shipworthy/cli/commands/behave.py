"""Whether a model behaves as it must."""

from dataclasses import replace
from pathlib import Path

import click

from shipworthy.bounds import worst
from shipworthy.cli import faces
from shipworthy.flows.behave import behave
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("behave")
@click.argument("model")
@click.option("--newest", is_flag=True, help="Ask the newest version, not the one that answers.")
@faces.verb
@click.pass_context
def command(ctx: click.Context, model: str, newest: bool, folder: Path, as_json: bool) -> None:
    """Ask MODEL the cases of ml/MODEL/behaviours.yml, and those that follow from what dbt's YAML says of its columns.

    A folder with cases about texts alone needs no model.yml. Exits 0 if all cases hold as their level asks for, 1 if one does not.
    """
    project = find(folder)
    found = behave(project, open_logbook(project.logbook), model, newest=newest)
    if as_json:
        faces.data(found)
    else:
        cases = [replace(one, subject=one.subject.partition(".")[0]) for one in found.verdicts]  # their words name the case
        faces.verdicts(cases, everything=True)
    ctx.exit(faces.exit_code(worst([verdict.outcome for verdict in found.verdicts])))
