"""What a training leaves in MLflow, read as its pages read it."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shipworthy.data import training_set
from shipworthy.flows import mlflow_pages, recorded
from shipworthy.flows.studied import chapters
from shipworthy.flows.told import markdown, opening
from shipworthy.gateways import tracking
from shipworthy.logbook import read

from ..browser import CHROMIUM, offline
from ..conftest import MODEL, Shop


@pytest.fixture
def run(trained: Shop) -> Path:
    """The files of the run of version 2."""
    shown = recorded.tracked(trained.project, MODEL, 2)
    assert shown is not None
    return trained.project.state / "mlartifacts" / MODEL / shown.run / "artifacts"


def test_a_run_has_all_that_one_would_look_for(trained: Shop, run: Path) -> None:
    """
    Configuration, environment, console, training set and how to open it, predictions, charts, each study, the package, the record.
    """
    held = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}

    assert {
        "charts.html", "console.log", "environment.txt", "gates.md", "left_out.json", "model.yml", "open_training_set.py",
        "package/manifest.json", "predictions.json", "predictions/predictions.parquet", "training/training.json", "training_set.sql",
        "configuration/shipworthy.yml", f"configuration/ml/{MODEL}/model.yml", "charts/learning_curve.json",
    } <= held  # fmt: skip
    for name, chapter in chapters(trained.project, MODEL, 2).items():
        assert (run / "studies" / f"{name}.md").read_text() == markdown(chapter)


def test_the_console_log_is_what_was_seen(run: Path) -> None:
    """
    Each stage stands in it once with the time since the start, and what every gate said.
    """
    lines = (run / "console.log").read_text().splitlines()

    assert [line for line in lines if "  choose 2/8" in line] == [line for line in lines if line.endswith("choose 2/8")]
    assert sum(line.endswith("choose 2/8") for line in lines) == 1
    assert any("pass    meets_target" in line for line in lines)


def test_hardware_and_curves_are_numbers_over_time(trained: Shop) -> None:
    """
    Processor and memory are drawn among MLflow's system metrics, and the tail's metric after each tree as a curve.
    """
    shown = recorded.tracked(trained.project, MODEL, 2)
    assert shown is not None
    client = tracking._client(tracking.Store(trained.project.tracking))
    metrics = client.get_run(shown.run).data.metrics

    assert metrics["system/process_cores_used"] > 0
    assert metrics["system/process_memory_megabytes"] > 50
    assert len(client.get_metric_history(shown.run, "mae_tail")) > 10


def test_predictions_are_a_table_that_mlflow_shows(trained: Shop, run: Path) -> None:
    """
    MLflow's pages find a table of the holdout's answers; all of them are in a Parquet file beside it.
    """
    table = json.loads((run / "predictions.json").read_text())
    whole = pq.read_table(run / "predictions" / "predictions.parquet")
    shown = recorded.tracked(trained.project, MODEL, 2)
    assert shown is not None
    tags = tracking._client(tracking.Store(trained.project.tracking)).get_run(shown.run).data.tags

    assert json.loads(tags["mlflow.loggedArtifacts"]) == [{"path": "predictions.json", "type": "table"}]
    assert table["columns"] == whole.column_names == ["entity", "decided_at", "truth", "answer", "rule"]
    assert len(table["data"]) == min(2000, whole.num_rows)
    assert whole.num_rows == read.promises(trained.book, MODEL)[-1].rows


def test_the_training_set_opens_by_what_is_said(trained: Shop, run: Path, tmp_path: Path) -> None:
    """
    The program beside the run opens the training set, with nothing of Shipworthy in it.
    """
    made = training_set.load(trained.project.lake, MODEL, recorded.load(trained.project, MODEL, 2).training_set)
    program = tmp_path / "open_training_set.py"
    program.write_text(opening(trained.project, made))  # the shop was moved since it was trained

    said = subprocess.run([sys.executable, "-I", program], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert said.stdout.startswith(f"{made.rows} rows, columns: entity, decided_at")
    assert program.read_text().splitlines()[0] == (run / "open_training_set.py").read_text().splitlines()[0]


def test_the_link_to_compare_names_both_runs(trained: Shop) -> None:
    """
    One address shows all versions of a model side by side; it is told that nothing answers there yet.
    """
    versions = read.versions(trained.book)
    found = mlflow_pages.pages(trained.project, versions)

    assert found.address == "http://127.0.0.1:5000"
    assert set(found.links) == {MODEL, f"{MODEL}@1", f"{MODEL}@2"}
    for version in versions:
        shown = recorded.tracked(trained.project, MODEL, version.version)
        assert shown is not None
        assert shown.run in found.links[MODEL]
        assert found.links[f"{MODEL}@{version.version}"].endswith(f"/#/experiments/{shown.experiment}/runs/{shown.run}")


@pytest.mark.journey
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_charts_are_drawn_without_a_network(run: Path, tmp_path: Path) -> None:
    """
    A real browser that can reach nobody draws every chart of the run's page.
    """
    drawn = offline(run / "charts.html", tmp_path)
    charts = drawn.count('class="chart vega-embed')

    assert charts >= 5
    assert '<div class="chart"></div>' not in drawn
    assert drawn.count('<svg xmlns="http://www.w3.org/2000/svg"') >= charts
