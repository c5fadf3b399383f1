"""Kill -9 of a landing at every step and at any moment, then landed again: nothing lost, nothing twice."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import pytest

from shipworthy.data.landing.standing import alone
from shipworthy.errors import Busy

from .delivering import HEAD, Delivering

LANDING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from shipworthy.data.landing import land
from shipworthy.gateways import lake
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Settings
from shipworthy.spec.source import SourceSpec

root, contract, step = Path(sys.argv[1]), SourceSpec.model_validate_json(sys.argv[2]), int(sys.argv[3])
done = 0

def dies_around(work):
    def call(*arguments, **named):
        global done
        for act in (None, work):
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            found = act(*arguments, **named) if act else None
        return found
    return call

for name in ("overwrite", "commit", "_added"):
    setattr(lake, name, dies_around(getattr(lake, name)))
print("ready", flush=True)
land(Project(root, Settings()), contract, datetime(2026, 6, 1, tzinfo=UTC))
print("steps", done, flush=True)
"""
NEVER = -1


def child(orders: Delivering, step: int = NEVER) -> subprocess.Popen[str]:
    """Start a landing in a process of its own, which kills itself before the step of that number."""
    command = [sys.executable, "-c", LANDING, str(orders.root), orders.contract().model_dump_json(), str(step)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def prepared(root: Path) -> Delivering:
    """Return a source with something landed, in quarantine and repeated, and more to come: a new file, a changed one, a conflict."""
    orders = Delivering(root)
    orders.land(HEAD + "".join(f"{place},,,{place},,\n" for place in range(500)) + "900,,,free,,\n", "orders_1.csv")
    orders.land(HEAD + "1,,,1,,\n2,,,2,,\n600,,,6,,\n", "orders_2.csv")
    orders.put(HEAD + "3,,,4,,\n4,,,4,,\n700,,,7,,\n701,,,dear,,\n", "orders_3.csv")
    orders.put(HEAD + "1,,,1,,\n601,,,6,,\n", "orders_2.csv")
    return orders


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a source with much to do, to be copied."""
    return prepared(tmp_path_factory.mktemp("waiting")).root


def copied(waiting: Path, folder: Path) -> Delivering:
    shutil.copytree(waiting, folder)
    return Delivering(folder)


def state(orders: Delivering) -> dict[str, Any]:
    landings = {
        name: (entry.content, entry.records, entry.landed, entry.repeated, entry.quarantined) for name, entry in orders.landings().items()
    }
    return {"rows": orders.rows(), "quarantine": orders.quarantine(None), "landings": landings}


@pytest.fixture(scope="module")
def unkilled(waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Where a landing ends that nobody killed, and how many steps it has."""
    orders = copied(waiting, tmp_path_factory.mktemp("unkilled") / "shop")
    with child(orders) as process:
        said = process.communicate()[0].split()
    assert said[:2] == ["ready", "steps"]
    assert len(orders.rows()) == 501
    return state(orders) | {"steps": int(said[2])}


@pytest.mark.journey
def test_a_landing_killed_at_any_step_ends_where_an_unkilled_one_does(unkilled: dict[str, Any], waiting: Path, tmp_path: Path) -> None:
    """
    Before and after each write: what was landed before is what is read meanwhile, and the same command comes to the same end.
    """
    expected = {name: unkilled[name] for name in ("rows", "quarantine", "landings")}
    for step in range(unkilled["steps"]):
        orders = copied(waiting, tmp_path / str(step))
        before = state(orders)
        with child(orders, step) as process:
            assert process.wait() == -signal.SIGKILL

        assert state(orders) in (before, expected), step
        orders.land()
        assert state(orders) == expected, step


@pytest.mark.journey
@pytest.mark.parametrize("seed", range(4))
def test_a_landing_killed_at_a_random_moment_ends_where_an_unkilled_one_does(
    seed: int, unkilled: dict[str, Any], waiting: Path, tmp_path: Path
) -> None:
    """
    Killed three times at moments that nobody chose, then let be.
    """
    orders, random = copied(waiting, tmp_path / "shop"), Random(seed)
    for _ in range(3):
        with child(orders) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            until = monotonic() + random.uniform(0, 0.6)
            while process.poll() is None and monotonic() < until:
                sleep(0.001)
            process.kill()
    orders.land()

    assert state(orders) == {name: unkilled[name] for name in ("rows", "quarantine", "landings")}


def test_two_landings_of_one_source_do_not_meet(orders: Delivering) -> None:
    """
    The second is told to wait, and is not kept from it by one that is over.
    """
    orders.put(HEAD + "1,,,1,,\n")
    with alone(orders.project.state / "landing", "orders"), pytest.raises(Busy, match="another process lands it"):
        orders.land()

    assert orders.land().rows == 1
