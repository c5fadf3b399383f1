"""Runs one step of a run in a child process of its own: logs kept, time limited, crash contained.

Children come from a fork server that has the heavy libraries loaded, so that a step starts in milliseconds.
A child is tethered: when the run is killed, the fork server ends and its children with it, so that no orphan
works on beside the run that follows.
"""

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

from shipworthy.errors import ShipworthyError, StepFailed
from shipworthy.flows.progress import Progress
from shipworthy.gateways.tether import tether

PRELOADED = ["shipworthy.flows.tick"]
Work = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a step ended: `sound` is False where a guard was red or unknown."""

    words: str
    sound: bool
    detail: Mapping[str, Any]


def in_child(name: str, work: Work, arguments: Mapping[str, Any], *, log: Path, timeout: timedelta, progress: Progress) -> Ended:
    """Run `work(progress=..., **arguments)` in a child and return what it says: a mapping with words, sound, and detail.

    Raises:
        ShipworthyError: what the child raised; StepFailed where it crashed or took longer than `timeout`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(work, dict(arguments), theirs, str(log)), name=name)
    child.start()
    theirs.close()
    try:
        return _listen(name, child, ours, monotonic() + timeout.total_seconds(), log, progress)
    finally:
        if child.is_alive():
            child.kill()
        child.join()
        ours.close()


def _listen(name: str, child: Any, ours: Connection, deadline: float, log: Path, progress: Progress) -> Ended:
    while True:
        try:
            if not ours.poll(max(0.0, min(1.0, deadline - monotonic()))):
                if monotonic() >= deadline:
                    raise StepFailed(
                        where=name,
                        what="took longer than step_timeout",
                        fix=f"read {log}; raise step_timeout in shipworthy.yml if it is slow by nature",
                    )
                continue
            kind, said = ours.recv()
        except EOFError:
            child.join()
            raise StepFailed(where=name, what=f"its process ended with {child.exitcode} and said nothing", fix=f"read {log}") from None
        if kind == "progress":
            progress(*said)
        elif kind == "error":
            raise said
        else:
            return Ended(said["words"], said["sound"], said.get("detail", {}))


def _child(work: Work, arguments: dict[str, Any], theirs: Connection, log: str) -> None:
    tether()
    kept = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(kept, 1)
    os.dup2(kept, 2)
    try:
        theirs.send(("done", work(progress=lambda *said: theirs.send(("progress", said)), **arguments)))
    except ShipworthyError as error:
        traceback.print_exc()
        theirs.send(("error", error))
    except Exception as error:  # noqa: BLE001 — the edge of a step: logged whole, told in short
        traceback.print_exc()
        theirs.send(
            ("error", StepFailed(where=arguments.get("model", "step"), what=f"{type(error).__name__}: {error}"[:500], fix=f"read {log}"))
        )
    sys.stdout.flush()
