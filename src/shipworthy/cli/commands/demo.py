"""The main job on a template, through real history."""

import os
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.demo import demo, pinned
from shipworthy.flows.ledger import ledger
from shipworthy.flows.up import beside
from shipworthy.logbook import read
from shipworthy.logbook.store import open_logbook


@click.command("demo")
@click.option("--template", default="flights", help="The template.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default="demo", help="Where to.")
@click.option("--no-serve", is_flag=True, help="End after the summary.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on stdout.")
def command(template: str, folder: Path, no_serve: bool, as_json: bool) -> None:
    """The main job on a template: from dbt tables to a model that is watched and retrained, through real history.

    Ends with a summary and a console to open, until Ctrl-C; with --no-serve or CI=true after the summary.
    """
    with faces.progress() as progress:
        shown = demo(template, folder, progress=progress)
    book = open_logbook(shown.project.logbook)
    if as_json:
        faces.data({"stages": shown.stages, "ledger": ledger(book), "alerts": read.alerts(book), "deployments": read.deployments(book)})
    else:
        faces.summary(shown.stages, shown.promotions, ledger(book), read.alerts(book), read.deployments(book), shown.lapsed)
    if not (no_serve or os.environ.get("CI")):
        settings = shown.project.settings.console
        with pinned(shown.project), beside(shown.project, "console") as console:
            click.echo(f"console: http://{settings.host}:{settings.port} (Ctrl-C ends it)")
            console.wait()
