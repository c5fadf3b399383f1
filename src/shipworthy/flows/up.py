"""`up`: service, console, receiver of streams and loop on one machine, with embedded stores."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import Engine

from shipworthy import clock
from shipworthy.errors import Busy, StepFailed
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.run import run
from shipworthy.flows.schedule import next_tick
from shipworthy.spec.project import Project, sources

LOOK_SECONDS = 1.0
REST_SECONDS = 30.0


@contextmanager
def beside(project: Project, verb: str, *arguments: str, log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a verb of ours in a process of its own, ended with this one; what it says goes to its log."""
    kept = log or project.state / "logs" / f"{verb}.log"
    kept.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "shipworthy.gateways.tether", verb, "--project", str(project.root), *arguments]
    with kept.open("ab") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def up(project: Project, book: Engine, *, progress: Progress = silent) -> None:
    """Serve, show, receive what streams hand out and tick by the schedule until it is interrupted.

    A step that is under way then is noted as interrupted. A receiver that ended, because its broker was not there, is started
    again after a while: the service does not fall with it.

    Raises:
        StepFailed: the service or the console ended by itself.
    """
    due = next_tick(project.settings.schedule, clock.now())
    streams = any(contract.stream for contract in sources(project).values())
    with ExitStack() as started, receiving(project, progress) if streams else nullcontext(lambda: None) as still_receiving:
        processes = {verb: started.enter_context(beside(project, verb)) for verb in ("serve", "console")}
        while True:
            sleep(LOOK_SECONDS)
            still_receiving()
            for name, process in processes.items():
                if process.poll() is not None:
                    raise StepFailed(
                        where=name, what=f"ended by itself with {process.returncode}", fix=f"read {project.state}/logs/{name}.log"
                    )
            if clock.now() >= due:
                _tick(project, book, due, progress)
                due = next_tick(project.settings.schedule, clock.now())


@contextmanager
def receiving(project: Project, progress: Progress, *, rest_seconds: float = REST_SECONDS) -> Iterator[Callable[[], None]]:
    """Run the receiver beside; yield what is to be called now and then: one that ended starts again, `rest_seconds` after its start."""
    with ExitStack() as running:
        process, since = running.enter_context(beside(project, "receive")), monotonic()

        def look() -> None:
            nonlocal process, since
            if process.poll() is not None and monotonic() - since >= rest_seconds:
                progress(f"receive: ended with {process.returncode}, see {project.state}/logs/receive.log; starts again", 0, 1)
                running.close()
                process, since = running.enter_context(beside(project, "receive")), monotonic()

        yield look


def _tick(project: Project, book: Engine, due: datetime, progress: Progress) -> None:
    try:
        run(project, book, due, progress=progress)
    except Busy:
        return  # a person's run is under way: it does what this tick would have done
