"""Tracking: the real MLflow on a store of its own in SQLite."""

import subprocess
import sys

import pytest
from mlflow import MlflowClient

from shipworthy.errors import StepFailed
from shipworthy.gateways import tracking
from shipworthy.gateways.tracking import Store, TrackedDataset, find, log, point, pointed, register

DATASET = TrackedDataset("arrival_delay", "ab" * 32, "lake/training_sets/arrival_delay/abab", 110_000)


@pytest.fixture(scope="session")
def first_use(tmp_path_factory):
    """A store that a fresh process has used for the first time, and what it said; MLflow's tables are made once."""
    folder = tmp_path_factory.mktemp("mlflow")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    code = (
        "import os; from shipworthy.gateways.tracking import Store, find;"
        f"print(find(Store({uri!r}), 'late', 'x'), os.environ['MLFLOW_DISABLE_TELEMETRY'])"
    )
    said = subprocess.run([sys.executable, "-W", "default", "-c", code], capture_output=True, text=True, cwd=folder, check=True)
    return said, Store(uri, folder / "runs")


@pytest.fixture(scope="session")
def store(first_use):
    """The store with MLflow's tables."""
    return first_use[1]


@pytest.fixture(scope="session")
def client(store):
    """MLflow's own client, to look at what was written."""
    return tracking._client(store)


@pytest.fixture
def package(tmp_path):
    """A folder to keep with a run."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "model.txt").write_text("tree\n")
    return tmp_path / "package"


def written(store, package, once, **more):
    """Write a run with a bit of everything."""
    given = {
        "name": "arrival_delay 1",
        "parameters": {"learning_rate": 0.08, "long": "x" * 9000},
        "metrics": {"offline_mae": 12.5, "unknown": None, "impossible": float("nan")},
        "curves": {"tail": [15.0 - step / 1000 for step in range(2500)]},
        "tags": {"as_of": "2013-05-01"},
        "dataset": DATASET,
        "texts": {"training_set.sql": "select 1", "charts/importance.svg": "<svg/>"},
        "folders": {"model": package},
        "note": "**A first run**",
    }
    return log(store, "arrival_delay", once=once, **(given | more))


def test_a_run_holds_all_that_was_given(store, client, package):
    """
    Parameters, numbers, curves, data set, texts and the package are in the run; what is not known is left out.
    """
    run_id = written(store, package, "all")
    run = client.get_run(run_id)
    assert client.get_experiment(run.info.experiment_id).tags["mlflow.experimentKind"] == "custom_model_development"

    assert run.info.status == "FINISHED"
    assert run.data.params["learning_rate"] == "0.08"
    assert len(run.data.params["long"]) == 6000
    assert run.data.metrics == {"offline_mae": 12.5, "tail": pytest.approx(12.501)}
    assert run.data.tags["shipworthy.run"] == "all"
    assert run.data.tags["mlflow.note.content"] == "**A first run**"
    [data] = run.inputs.dataset_inputs
    assert (data.dataset.name, data.dataset.digest) == ("arrival_delay", DATASET.digest[:36])
    assert DATASET.digest in {mark.value for mark in data.tags}
    assert (store.artifacts / "arrival_delay" / run_id / "artifacts" / "model" / "model.txt").read_text() == "tree\n"
    assert (store.artifacts / "arrival_delay" / run_id / "artifacts" / "charts" / "importance.svg").read_text() == "<svg/>"


def test_a_curve_keeps_its_steps_across_batches(store, client, package):
    """
    A curve longer than one call to MLflow has every point, in order.
    """
    points = client.get_metric_history(written(store, package, "curve"), "tail")

    assert sorted(point.step for point in points) == list(range(2500))
    assert {point.step: point.value for point in points}[1000] == pytest.approx(14.0)


def test_a_repeated_step_makes_no_second_run(store, client, package):
    """
    The same name again gives the run that is there, even where the step would now say something else.
    """
    first = written(store, package, "repeated")

    assert written(store, package, "repeated", metrics={"offline_mae": 1.0}) == first
    assert find(store, "arrival_delay", "repeated") == first
    assert client.get_run(first).data.metrics["offline_mae"] == 12.5


def test_what_a_killed_process_left_is_replaced(store, client, package):
    """
    An unfinished run is none: it is not found, and the next try takes its place.
    """
    written(store, package, "makes the experiment")
    torn = client.create_run(client.get_experiment_by_name("arrival_delay").experiment_id, tags={"shipworthy.run": "torn"}).info.run_id
    assert find(store, "arrival_delay", "torn") is None

    whole = written(store, package, "torn")

    assert find(store, "arrival_delay", "torn") == whole != torn
    assert client.get_run(torn).info.lifecycle_stage == "deleted"


def test_the_registry_names_versions_and_the_champion(store, client, package):
    """
    A version is registered once, carries our number, and the alias moves and goes.
    """
    runs = [written(store, package, f"version {number}") for number in (1, 2)]
    versions = [register(store, "late", run_id, path="model", version=number) for number, run_id in enumerate(runs, 1)]
    assert register(store, "late", runs[0], path="model", version=1) == versions[0]
    assert client.get_model_version("late", str(versions[1])).tags["shipworthy.version"] == "2"

    assert pointed(store, "late", "champion") is None
    point(store, "late", "champion", versions[1])
    assert pointed(store, "late", "champion") == versions[1]
    assert isinstance(MlflowClient(store.uri, store.uri).get_model_version_by_alias("late", "champion").version, str | int)
    point(store, "late", "champion", None)
    assert pointed(store, "late", "champion") is None


def test_an_unknown_model_cannot_be_pointed_at(store, client):
    """
    An alias of a model that is not registered is refused in our words.
    """
    with pytest.raises(StepFailed, match="MLflow"):
        point(store, "nobody", "champion", 1)


def test_a_store_that_cannot_be_opened_is_told_without_its_address(tmp_path):
    """
    A refusal names the kind of store and never its address: it may hold a password.
    """
    with pytest.raises(StepFailed) as refusal:
        find(Store("postgresql+nodriver://user:s3cr3t@localhost/none"), "late", "x")

    assert "s3cr3t" not in str(refusal.value)
    assert "shipworthy.yml" in refusal.value.fix


def test_nothing_is_said_on_the_way_and_nobody_is_told(first_use):
    """
    A first use in a fresh process prints nothing, warns of nothing, and has telemetry off.
    """
    said, _ = first_use

    assert said.stdout.strip() == "None true"
    assert said.stderr == ""
