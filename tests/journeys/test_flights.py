"""The main job on real flights, from an empty folder to a ledger of promises."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.journey

Summary = Mapping[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("main_job") / "flights"


@pytest.fixture(scope="module")
def summary(folder: Path) -> Summary:
    command = [sys.executable, "-m", "shipworthy", "demo", "--template", "flights", "--folder", str(folder), "--json"]
    done = subprocess.run(command, env=os.environ | {"CI": "true"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: Summary = json.loads(done.stdout)
    return told


def lines(summary: Summary, model: str, stage: str) -> list[Mapping[str, Any]]:
    return [line for line in summary["ledger"] if line["model"] == model and line["stage"] == stage]


def test_the_model_at_the_gate_beats_its_rule_and_answers(summary: Summary) -> None:
    """
    Offline, in the order of time, it is better than the stronger rule, and it is promoted first.
    """
    promised = lines(summary, "arrival_delay", "offline")[0]

    assert promised["value"] < promised["rule"]
    assert summary["deployments"][0]["model"] == "arrival_delay"


def test_the_model_at_booking_is_refused(summary: Summary) -> None:
    """
    Schedule data alone cannot say when a flight lands: it never answers.
    """
    assert "arrival_delay_at_booking" not in {line["model"] for line in summary["deployments"]}
    assert lines(summary, "arrival_delay_at_booking", "offline")[0]["value"] > 15


def test_what_came_true_is_in_the_ledger_month_by_month(summary: Summary) -> None:
    """
    Every month of the time-lapse has its realized number beside the rule's on the same rows.
    """
    realized = lines(summary, "arrival_delay", "realized")

    assert {line["period"] for line in realized} >= {"2013-05", "2013-06", "2013-07", "2013-08"}
    assert all(line["value"] is not None and line["rule"] is not None for line in realized)


def test_an_error_far_below_the_known_trials_would_smell_of_leakage(summary: Summary) -> None:
    """
    A quick trial of the same kind had 11.9 minutes in May: much less than 11 would have seen the future.
    """
    may = [line for line in lines(summary, "arrival_delay", "realized") if line["period"] == "2013-05"]

    assert all(line["value"] > 11 for line in may)


def test_the_summer_raises_an_alarm_by_itself(summary: Summary) -> None:
    """
    Nothing is injected: what fires is what really happened to the weather, the airports and the model.
    """
    assert [alert for alert in summary["alerts"] if alert["fired_at"]]


def test_the_model_is_trained_again_and_the_gates_decide(summary: Summary) -> None:
    """
    A second version exists by the end of the summer.
    """
    assert max(line["version"] for line in lines(summary, "arrival_delay", "offline")) >= 2


def test_the_pages_of_the_project_can_be_written_as_files(summary: Summary, folder: Path) -> None:
    """
    The static site has the model's page, with its ledger as a picture.
    """
    command = [sys.executable, "-m", "shipworthy", "docs", "--project", str(folder), "--to", "site"]
    subprocess.run(command, env=os.environ | {"SHIPWORTHY_CLOCK": str(folder / ".shipworthy" / "clock")}, check=True, capture_output=True)

    assert "arrival_delay" in (folder / "site" / "index.html").read_text(encoding="utf-8")
    assert list((folder / "site").rglob("*.svg"))


def test_dbt_sees_the_whole_chain(summary: Summary, folder: Path) -> None:
    """
    The exposure of the model and the tables that were written are part of the dbt project, which still builds.
    """
    command = [sys.executable, "-m", "shipworthy", "build", "--project", str(folder), "--as-of", "2013-09-08", "--force", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    manifest = json.loads((folder / ".shipworthy" / "dbt" / "manifest.json").read_text(encoding="utf-8"))

    results = json.loads((folder / ".shipworthy" / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]

    assert done.returncode in (0, 1), done.stderr
    assert not [found["unique_id"] for found in results if found["status"] in ("error", "fail", "skipped")]
    assert "source.flights.shipworthy.predictions_arrival_delay" in manifest["sources"]
    assert manifest["exposures"]["exposure.flights.arrival_delay"]["type"] == "ml"
