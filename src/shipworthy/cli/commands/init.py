"""Start from a template, or attach to a dbt project."""

from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.attach import attach
from shipworthy.flows.init import from_template


@click.command("init")
@click.option("--template", help="The template to start from, such as flights; without one, the dbt project here is attached to.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to: the template's name, or here, if absent.")
@click.option(
    "--warehouse", type=click.Path(path_type=Path, dir_okay=False), help="The DuckDB file that dbt builds; the profile's if absent."
)
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
def command(template: str | None, folder: Path | None, warehouse: Path | None, as_json: bool) -> None:
    """Start from a template, or attach to a dbt project.

    In a folder with a dbt project it proposes specs and meta from manifest and data, as commented YAML for a
    person to correct. What it cannot know it asks; it never writes over a file.
    """
    started = from_template(template, folder or Path(template)) if template else attach(folder or Path(), warehouse=warehouse)
    if as_json:
        faces.data(started)
    else:
        for file in started.kept:
            click.echo(f"kept {file.relative_to(started.folder)} as it is")
        for question in started.questions:
            click.echo(f"? {question}")
        click.echo(f"wrote {len(started.written)} files to {started.folder}\nnext: {started.then}")
