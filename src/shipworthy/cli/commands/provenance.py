"""What a version was made from, and which versions were made from something."""

from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.provenance import made_from, origins
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("provenance")
@click.argument("name")
@faces.verb
def command(name: str, folder: Path, as_json: bool) -> None:
    """Say which versions NAME has to do with, and what each was made from: code, training set, relations and sources by their versions.

    NAME is a version such as churn@3, a run, the hash of a training set, a commit, a relation or source, or one version of it such
    as orders@12.
    """
    project = find(folder)
    found = made_from(origins(project, open_logbook(project.logbook)), name)
    if as_json:
        faces.data(found)
        return
    for one in found:
        click.echo(f"{one.name}: training set {one.training_set}, code {one.code or 'unknown'}, run {one.run}")
        for title, read in (("relations", one.relations), ("sources", one.sources)):
            click.echo(f"  {title:10} {', '.join(f'{relation}@{version}' for relation, version in sorted(read.items())) or 'unknown'}")
        if one.mlflow:
            click.echo(f"  {'mlflow':10} {one.mlflow}")
