"""Where MLflow's own pages are found, and how they are started on the embedded store; MLflow itself is not imported here."""

import importlib.metadata
import json
import shutil
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from shipworthy.errors import StepFailed
from shipworthy.flows.recorded import Tracked, tracked
from shipworthy.records import ModelVersion
from shipworthy.spec.project import Project

PATIENCE_SECONDS = 0.2
MOST_COMPARED = 10


def address(project: Project) -> str:
    """Return the address of MLflow's pages: the tracking server's own, or where `shipworthy tracking` starts them."""
    said = project.settings
    if said.tracking and said.tracking.startswith(("http://", "https://")) and not said.tracking_pages:
        parts = urlsplit(said.tracking)
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}".rstrip("/")
    return (said.tracking_pages or "http://127.0.0.1:5000").rstrip("/")


def run_page(project: Project, shown: Tracked) -> str:
    """Return the address of the page of one run."""
    return f"{address(project)}/#/experiments/{shown.experiment}/runs/{shown.run}"


def comparison_page(project: Project, versions: Sequence[ModelVersion]) -> str | None:
    """Return the address at which MLflow shows the newest of `versions` side by side, ten at most; None for fewer than two runs."""
    shown = [found for one in versions[-MOST_COMPARED:] if (found := tracked(project, one.model, one.version))]
    if len(shown) < 2:
        return None
    runs, experiments = ([*dict.fromkeys(names)] for names in ([one.run for one in shown], [one.experiment for one in shown]))
    return f"{address(project)}/#/compare-runs?runs={quote(json.dumps(runs))}&experiments={quote(json.dumps(experiments))}"


@dataclass(frozen=True, slots=True)
class Pages:
    """Where MLflow's pages are, whether something answers there, and the address of each version's run and each model's comparison."""

    address: str
    answers: bool
    links: Mapping[str, str]


def pages(project: Project, versions: Sequence[ModelVersion]) -> Pages:
    """Return where MLflow shows `versions`: each by `model@version`, and each model's newest ones side by side by its name."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(one.model for one in versions):
        own = [one for one in versions if one.model == name]
        compared = comparison_page(project, own)
        found |= {name: compared} if compared else {}
        shown = {f"{name}@{one.version}": tracked(project, name, one.version) for one in own}
        found |= {subject: run_page(project, one) for subject, one in shown.items() if one}
    return Pages(address(project), answers(project), found)


def answers(project: Project) -> bool:
    """Return whether something answers at the address of MLflow's pages; a link to where nothing does is not shown."""
    parts = urlsplit(address(project))
    try:
        with socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or (443 if parts.scheme == "https" else 80)), PATIENCE_SECONDS
        ):
            return True
    except OSError:
        return False


def command(project: Project, executable: str | None = None) -> list[str]:
    """Return the command that starts MLflow's pages on the embedded store, without its job runners.

    The pages need the whole of MLflow, of which only the part that writes is installed with Shipworthy: `executable` is an `mlflow`
    of another environment; without it the one beside Python if it is whole, else uv runs the same release.

    Raises:
        StepFailed: the pages belong to a server, or nothing can start them.
    """
    if project.settings.tracking and not project.settings.tracking.startswith("sqlite:"):
        raise StepFailed(where="shipworthy.yml: tracking", what="names a server, which has its own pages", fix=f"open {address(project)}")
    parts = urlsplit(address(project))
    options = [
        "server", "--backend-store-uri", project.tracking, "--artifacts-destination", (project.state / "mlartifacts").resolve().as_uri(),
        "--host", parts.hostname or "127.0.0.1", "--port", str(parts.port or 5000), "--workers", "1",
    ]  # fmt: skip
    return [*_mlflow(executable), *options]


def _mlflow(executable: str | None) -> list[str]:
    if executable:
        if not shutil.which(executable):
            raise StepFailed(
                where="--mlflow", what=f"{executable!r} is nothing that can be run", fix="name the file `mlflow` of an environment"
            )
        return [executable]
    release = importlib.metadata.version("mlflow-skinny")
    if _installed("mlflow"):
        return [str(Path(sys.executable).with_name("mlflow"))]
    if uvx := shutil.which("uvx") or shutil.which(str(Path(sys.executable).with_name("uvx"))):
        return [uvx, "--from", f"mlflow=={release}", "mlflow"]
    fix = (
        "pip install 'shipworthy[mlflow-ui]'; or, in an environment of its own, pip install "
        f"mlflow=={release}, then: shipworthy tracking --mlflow PATH/bin/mlflow"
    )
    raise StepFailed(where="MLflow's pages", what="only the part of MLflow that writes runs is installed", fix=fix)


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
