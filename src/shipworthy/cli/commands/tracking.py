"""Start MLflow's own pages on the runs of a project."""

import os
import subprocess
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows import mlflow_pages
from shipworthy.logbook import read
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("tracking")
@click.option("--mlflow", "executable", help="An `mlflow` of another environment.")
@click.option("--links", is_flag=True, help="Start nothing: write where each model's versions are found, and compared.")
@faces.verb
@click.pass_context
def command(ctx: click.Context, executable: str | None, links: bool, folder: Path, as_json: bool) -> None:
    """Start MLflow's own pages on the runs of a project, until interrupted, or say where they are.

    They need the whole of MLflow: that of another environment, or uv, which fetches it.
    """
    project = find(folder)
    if links or as_json:
        found = mlflow_pages.pages(project, read.versions(open_logbook(project.logbook)))
        if as_json:
            faces.data(found)
        else:
            for name, link in found.links.items():
                click.echo(f"{name:34}{link}")
        ctx.exit(0)
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    started = mlflow_pages.command(project, executable)
    click.echo(f"MLflow at {mlflow_pages.address(project)}", err=True)
    ctx.exit(subprocess.run(started, env={**os.environ, **quiet}, check=False).returncode)
