"""Say whether this machine and this project can do what they should."""

from pathlib import Path

import click

from shipworthy.bounds import worst
from shipworthy.cli import faces
from shipworthy.flows.doctor import examine
from shipworthy.spec.project import find


@click.command("doctor")
@faces.verb
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Say whether this machine and this project can do what they should.

    Exits 0 if nothing is broken; what is merely not there yet is told, and is no failure.
    """
    findings = examine(find(folder))
    if as_json:
        faces.data(findings)
    else:
        for finding in findings:
            mark, colour = faces.MARKS[finding.outcome]
            click.echo(f"{click.style(f'{mark:8}', fg=colour)}{finding.name:16}{finding.words}")
    ctx.exit(1 if worst([finding.outcome for finding in findings]) == "fail" else 0)
