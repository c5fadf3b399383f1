"""A team's own dbt project, from `init` to its first check: nothing of theirs is changed, nothing is guessed in silence."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ..conftest import PROJECTS, Said

pytestmark = pytest.mark.journey

BRIEF = {
    "goal": "Fewer lost subscriptions", "decision": "Who is called before the renewal", "owner": "crm@example.org",
    "business_metric": "{relation: customer_loyalty, column: renewals, better: higher}", "target": "{metric: log_loss, at_most: 0.7}",
}  # fmt: skip


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team's project as it stands after their own `dbt build`."""
    folder = tmp_path_factory.mktemp("team") / "coffee"
    shutil.copytree(PROJECTS / "team", folder)
    _dbt(folder)
    return folder


@pytest.fixture
def copied(team: Path, tmp_path: Path) -> Path:
    return shutil.copytree(team, tmp_path / "coffee")


def _dbt(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "dbt.cli.main", "build", "-q"], cwd=folder, check=True, capture_output=True)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def answer(file: Path, **answers: str) -> None:
    """Answer the questions of a proposal as a person would."""
    text = file.read_text()
    for key, value in answers.items():
        text, times = re.subn(rf"(?m)^(\s+{key}:) (\?\?\?|null|\[\])", rf"\1 {value}", text)
        assert times == 1, key
    file.write_text(text)


def pasted(folder: Path, relation: str) -> None:
    """Put the facts of a relation into the team's schema file."""
    said = yaml.safe_load((folder / "proposed" / f"{relation}.yml").read_text())["models"][0]
    file = folder / "models" / "marts" / "schema.yml"
    models = yaml.safe_load(file.read_text())
    entry = next((model for model in models["models"] if model["name"] == relation), None)
    if entry is None:
        models["models"].append(entry := {"name": relation})
    entry["config"] = said["config"]
    file.write_text(yaml.safe_dump(models))


def test_nothing_of_the_teams_is_changed(copied: Path, command: Callable[..., Said]) -> None:
    """
    `init` adds files and touches none; the team's own `dbt build` runs as before, and a second `init` keeps what was corrected.
    """
    before = contents(copied)

    said = command("init", "--folder", copied)

    assert said.code == 0, said.err
    after = contents(copied)
    assert {path: after[path] for path in before} == before
    assert {"shipworthy.yml", ".gitignore", "ml/renewed/model.yml", "proposed/fct_orders.yml"} <= {str(path) for path in after}
    _dbt(copied)
    (copied / "ml" / "renewed" / "model.yml").write_text("model: renewed  # mine\n")
    again = command("init", "--folder", copied)
    assert "kept ml/renewed/model.yml as it is" in again.out
    assert (copied / "ml" / "renewed" / "model.yml").read_text() == "model: renewed  # mine\n"


def test_answered_it_builds_and_is_checked(copied: Path, command: Callable[..., Said]) -> None:
    """
    With its questions answered the project builds on the team's own tables, and the check says what is still missing: rows.
    """
    command("init", "--folder", copied)
    unanswered = command("check", "--project", copied)
    assert (unanswered.code, "is '???': a question that nobody has answered" in unanswered.err) == (2, True)
    answer(copied / "ml" / "renewed" / "model.yml", known_at="closed_at", horizon="21 days", features="[price]", **BRIEF)
    answer(copied / "proposed" / "fct_renewals.yml", known_time="reminded_at")
    weekly = copied / "proposed" / "customer_weekly.yml"
    weekly.write_text(weekly.read_text().replace("known_time: ???", "latency: 1 day"))
    for relation in ("fct_renewals", "customer_weekly"):
        pasted(copied, relation)

    built = command("build", "--project", copied, "--as-of", "2025-05-01")
    checked = command("check", "--project", copied, "--as-of", "2025-05-01")

    assert "published 3 relations" in built.out, built.err
    assert built.code == checked.code == 1
    assert "its sources have no known time to cut them at" in built.out
    assert "rows to learn from, at least 230 are needed" in checked.out
