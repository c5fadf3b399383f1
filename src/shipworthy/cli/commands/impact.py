"""What a change in the project touches, worst first."""

from pathlib import Path

import click

from shipworthy.cli import faces, impacts
from shipworthy.flows.impact import impact
from shipworthy.spec.project import find

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("impact")
@click.option("--against", metavar="REVISION", help="The revision of git to compare the working tree with; the last commit if absent.")
@click.option("--before", type=FILE, help="In place of a revision: a manifest of dbt that has been compiled.")
@click.option("--after", type=FILE, help="In place of the working tree: a manifest of dbt that has been compiled.")
@click.option("--markdown", is_flag=True, help="Markdown for a pull request.")
@faces.verb
@click.pass_context
def command(
    ctx: click.Context, against: str | None, before: Path | None, after: Path | None, markdown: bool, folder: Path, as_json: bool
) -> None:
    """What a change in the project touches, worst first: services, models, features, dashboards. Needs no warehouse and no build.

    Exits 0 if it touches nothing that anybody reads, 1 if it does.
    """
    project = find(folder)
    with faces.progress() as progress:
        found = impact(project, against=against, before=before, after=after, progress=progress)
    if as_json:
        faces.data(found)
    elif markdown:
        click.echo(impacts.markdown(found))
    else:
        click.echo(impacts.text(found))
    ctx.exit(1 if found.touched else 0)
