"""`run`: one tick of all of it. Each step in a process of its own, under a lease, noted in the logbook; what is done stays done."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from shipworthy import __version__
from shipworthy.bounds import Outcome
from shipworthy.clock import wall
from shipworthy.errors import Busy, ShipworthyError
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.steps import in_child
from shipworthy.flows.tick import plan
from shipworthy.logbook import read, write
from shipworthy.records import Step
from shipworthy.spec.project import Project

LEASE = "run"


@dataclass(frozen=True, slots=True)
class Ran:
    """A tick: its steps in order, how each ended."""

    run: str
    steps: tuple[Step, ...]

    @property
    def outcome(self) -> Outcome:
        """Pass where every step was done and sound."""
        return "pass" if all(step.status == "done" and step.detail.get("sound") for step in self.steps) else "fail"


def run(project: Project, book: Engine, as_of: datetime, *, progress: Progress = silent) -> Ran:
    """Run every step that is due at `as_of`; a step that was done for this moment is not run again.

    A step that fails is noted and does not keep the others from running: production goes on with its champion, and
    nothing learns from data that did not pass.

    Raises:
        Busy: another run is under way.
    """
    name = f"run-{as_of:%Y%m%dT%H%M%S}"
    with lease(book, LEASE, project.settings.step_timeout * (len(plan(project)) + 1)):
        before = {step.name: step for step in read.steps(book, name)}
        steps = [_step(project, book, name, planned, as_of, before, progress) for planned in plan(project)]
    return Ran(name, tuple(steps))


def _step(
    project: Project,
    book: Engine,
    run_name: str,
    planned: tuple[str, Any, dict[str, Any]],
    as_of: datetime,
    before: dict[str, Step],
    progress: Progress,
) -> Step:
    name, work, arguments = planned
    if name in before and before[name].status == "done":
        return before[name]
    if name.startswith("score ") and read.champion(book, arguments["model"]) is None:
        return _noted(book, Step(run_name, name, "done", wall(), wall(), "nothing is promoted: nothing to score", {"sound": True}))
    started = _noted(
        book, Step(run_name, name, "running", wall(), detail={"as_of": as_of.isoformat(), "shipworthy": __version__, "pid": os.getpid()})
    )
    log = project.state / "logs" / run_name / f"{name.replace(' ', '-')}.log"
    told = {"folder": str(project.root), "as_of": as_of, **arguments}
    try:
        ended = in_child(name, work, told, log=log, timeout=project.settings.step_timeout, progress=within(progress, name))
    except ShipworthyError as error:
        return _noted(
            book,
            Step(run_name, name, "failed", started.started_at, wall(), str(error), {**started.detail, "sound": False, "log": str(log)}),
        )
    except KeyboardInterrupt:
        _noted(book, Step(run_name, name, "interrupted", started.started_at, wall(), "interrupted by a person", started.detail))
        raise
    detail = {**started.detail, **ended.detail, "sound": ended.sound, "log": str(log)}
    return _noted(book, Step(run_name, name, "done", started.started_at, wall(), ended.words, detail))


def _noted(book: Engine, step: Step) -> Step:
    write.step(book, step)
    return step


@contextmanager
def lease(book: Engine, name: str, length: timedelta) -> Iterator[None]:
    """Hold the lease `name`; one whose holder died on this machine is taken over.

    Raises:
        Busy: somebody holds it.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}"
    standing = read.lease_holder(book, name, wall())
    if standing and _gone(standing):
        write.release_lease(book, name, standing)
    if not write.take_lease(book, name, holder, wall(), length):
        raise Busy(where=name, what=f"held by {standing}", fix="wait until it is done; it lapses by itself if its machine is gone")
    try:
        yield
    finally:
        write.release_lease(book, name, holder)


def _gone(holder: str) -> bool:
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
