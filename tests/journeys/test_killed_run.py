"""Kill -9 of `run` at every step, then `run` again: the same end as without the kill, the champion answering all the while."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.logbook.segments import Outcome, Writer
from shipworthy.registry import pointer
from shipworthy.registry.package import load

from ..conftest import MODEL, Shop, opened

pytestmark = pytest.mark.journey

TICK = datetime(2026, 7, 10, tzinfo=UTC)
RUN = f"run-{TICK:%Y%m%dT%H%M%S}"
PATIENCE_SECONDS = 300.0
Reached = Callable[[Shop], bool]


def running(step: str) -> Reached:
    """Return whether the logbook says that `step` is running."""
    return lambda shop: any(found.name == step and found.status == "running" for found in read.steps(shop.book, RUN))


def canary_begun(shop: Shop) -> bool:
    """Return whether dbt builds a second time in this tick: the first build is done, nothing is noted yet."""
    pins = shop.project.state / "canary-pins.json"
    return running("build")(shop) and pins.stat().st_mtime > (shop.project.state / "pins.json").stat().st_mtime


def half_judged(shop: Shop) -> bool:
    """Return whether some windows of the tick are judged, and the step is not done."""
    return running(f"monitor {MODEL}")(shop) and any(verdict.name == "volume" for _, verdict in read.verdicts(shop.book, subject=MODEL))


def packaged(shop: Shop) -> bool:
    """Return whether the new version's package stands, and the logbook does not know it yet."""
    return (shop.project.artifacts / MODEL / "3").is_dir()


def trained(shop: Shop) -> bool:
    """Return whether the new version is known, and perhaps not promoted yet."""
    return len(read.versions(shop.book, MODEL)) == 3


MOMENTS: dict[str, Reached] = {
    "build begins": running("build"),
    "build is compared with its past": canary_begun,
    "score begins": running(f"score {MODEL}"),
    "monitor begins": running(f"monitor {MODEL}"),
    "monitor has judged": half_judged,
    "retrain begins": running(f"retrain {MODEL}"),
    "retrain has packaged": packaged,
    "retrain has trained": trained,
}


@pytest.fixture(scope="module")
def waiting(promoted_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with an outcome in the service's log: every step of the tick has something to do."""
    folder = tmp_path_factory.mktemp("waiting") / "shop"
    shutil.copytree(promoted_once, folder, symlinks=True)
    writer = Writer(folder / ".shipworthy" / "segments" / MODEL)
    writer.write([Outcome(TICK - timedelta(days=9), MODEL, "o02600", None, 41.0, TICK - timedelta(days=9))])
    writer.close()
    return folder


@pytest.fixture(scope="module")
def unkilled(waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Where a tick ends that nobody killed."""
    folder = tmp_path_factory.mktemp("unkilled") / "shop"
    shutil.copytree(waiting, folder, symlinks=True)
    with tick(folder) as process:
        assert process.wait(PATIENCE_SECONDS) in (0, 1)
    shop = opened(folder)
    end = standing(shop)
    shop.book.dispose()
    assert {step[1] for step in end["steps"]} == {"done"}
    assert end["champion"] == 3
    return end


@pytest.fixture
def shop(waiting: Path, tmp_path: Path) -> Iterator[Shop]:
    shutil.copytree(waiting, tmp_path / "shop", symlinks=True)
    found = opened(tmp_path / "shop")
    yield found
    found.book.dispose()


def tick(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "shipworthy", "run", "--project", str(folder), "--as-of", TICK.isoformat()]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_ends_where_an_unkilled_one_does(moment: str, shop: Shop, unkilled: dict[str, Any]) -> None:
    """
    Killed at this moment, a run leaves a champion that answers; the same command then comes to the same end.
    """
    with tick(shop.root) as process:
        _until(MOMENTS[moment], shop, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    answers(shop)

    with tick(shop.root) as process:
        assert process.wait(PATIENCE_SECONDS) in (0, 1)

    assert standing(shop) == unkilled


def _until(reached: Reached, shop: Shop, process: subprocess.Popen[bytes]) -> None:
    """Wait until the run has come to the moment; fail where it ends before."""
    deadline = monotonic() + PATIENCE_SECONDS
    while not _looked(reached, shop):
        assert process.poll() is None, "the run was over before it came to this moment"
        assert monotonic() < deadline
        sleep(0.005)


def _looked(reached: Reached, shop: Shop) -> bool:
    try:
        return reached(shop)
    except (OperationalError, FileNotFoundError):
        return False


def answers(shop: Shop) -> None:
    """Do nothing if the champion's pointer names a package that loads and answers."""
    found = pointer.read(shop.project.live, MODEL)
    assert found is not None
    assert found.version in (2, 3)
    package = load(shop.project.artifacts / MODEL / str(found.version))
    (answer,) = package.predict([{"shop": "lotus", "distance": 3.0, "items": 2, "waiting": 10.0, "mean_minutes": 30.0}])
    assert 5 < answer < 90


def standing(shop: Shop) -> dict[str, Any]:
    """Return all that must be the same, whatever happened on the way."""
    found = pointer.read(shop.project.live, MODEL)
    assert found is not None
    return {
        "champion": read.champion(shop.book, MODEL),
        "pointer": found.version,
        "versions": read.versions(shop.book, MODEL),
        "packages": [load(shop.project.state / version.artifact).digest for version in read.versions(shop.book, MODEL)],
        "deployments": read.deployments(shop.book, MODEL),
        "promises": read.promises(shop.book),
        "alerts": sorted(read.alerts(shop.book), key=lambda alert: (alert.key, alert.first_seen)),
        "messages": sorted(message.once for message in read.messages(shop.book)),
        "measurements": read.measurements(shop.book),
        "verdicts": sorted((verdict.name, verdict.subject, verdict.outcome, verdict.words) for _, verdict in read.verdicts(shop.book)),
        "steps": [(step.name, step.status) for step in read.steps(shop.book, RUN)],
        "tables": {table: _rows(shop, table) for table in lake.tables(shop.project.lake)},
    }


def _rows(shop: Shop, table: str) -> tuple[int, int]:
    """Return how many rows a table has, and what they hold, whatever their order."""
    rows = lake.read(shop.project.lake, table).to_pylist()
    return len(rows), hash(tuple(sorted(repr(sorted(row.items())) for row in rows)))
