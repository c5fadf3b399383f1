"""One tick: every step once, under a lease that a dead run does not keep."""

import os
import socket
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from shipworthy.clock import wall
from shipworthy.errors import Busy
from shipworthy.flows.run import LEASE, lease, run
from shipworthy.flows.tick import plan
from shipworthy.logbook import read, write

from ..conftest import BUILT, MODEL, Shop

HOUR = timedelta(hours=1)
STEPS = ["build", f"score {MODEL}", f"monitor {MODEL}", f"replay {MODEL}", f"retrain {MODEL}"]


def held(shop: Shop, pid: int, host: str = "") -> str:
    holder = f"{host or socket.gethostname()}:{pid}"
    assert write.take_lease(shop.book, LEASE, holder, wall(), HOUR)
    return holder


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as process:
        process.wait()
        return process.pid


def test_the_lease_of_a_living_run_is_respected(built: Shop) -> None:
    """
    While another process runs, a run does nothing and names the holder.
    """
    holder = held(built, os.getppid())

    with pytest.raises(Busy, match=holder):
        run(built.project, built.book, BUILT)

    assert read.steps(built.book) == []
    assert read.lease_holder(built.book, LEASE, wall()) == holder


def test_the_lease_of_a_dead_run_is_taken_over(built: Shop) -> None:
    """
    A holder that died on this machine does not keep the next run waiting.
    """
    held(built, dead_pid())

    with lease(built.book, LEASE, HOUR):
        assert read.lease_holder(built.book, LEASE, wall()) == f"{socket.gethostname()}:{os.getpid()}"
    assert read.lease_holder(built.book, LEASE, wall()) is None


def test_the_lease_of_another_machine_is_waited_for(built: Shop) -> None:
    """
    Nobody here can tell whether a process elsewhere lives: its lease holds until it lapses.
    """
    held(built, dead_pid(), host="elsewhere")

    with pytest.raises(Busy), lease(built.book, LEASE, HOUR):
        pass


def test_a_failed_run_lets_go_of_its_lease(built: Shop) -> None:
    """
    The lease is free again whatever became of the run.
    """
    with pytest.raises(RuntimeError), lease(built.book, LEASE, HOUR):
        raise RuntimeError
    assert read.lease_holder(built.book, LEASE, wall()) is None


def test_the_steps_are_in_order(built: Shop) -> None:
    """
    Data before scores, scores before monitors, monitors before replays, these before retraining.
    """
    assert [name for name, *_ in plan(built.project)] == STEPS


@pytest.mark.journey
class TestRun:
    def test_what_is_done_stays_done(self, promoted: Shop) -> None:
        """
        Each step runs in a process of its own and is noted with its words; the same tick again runs none of them.
        """
        first = run(promoted.project, promoted.book, BUILT)
        again = run(promoted.project, promoted.book, BUILT)

        assert [(step.name, step.status) for step in first.steps] == [(name, "done") for name in STEPS]
        assert again == first
        assert read.champion(promoted.book, MODEL) == 3
        assert all(isinstance(step.ended_at, datetime) and step.words for step in first.steps)

    def test_a_failing_step_does_not_keep_the_others(self, promoted: Shop) -> None:
        """
        A step that fails is noted with its error, the others run, the champion stays, and the same tick tries it again.
        """
        promoted.rewrite("data/queue.csv", "waiting", "waits")

        result = run(promoted.project, promoted.book, BUILT + HOUR)

        status = {step.name: (step.status, step.words) for step in result.steps}
        assert status["build"][0] == "failed"
        assert "waiting" in status["build"][1]
        assert {state for name, (state, _) in status.items() if name != "build"} == {"done"}
        assert result.outcome == "fail"
