"""`demo`: the main job on a template, from dbt tables to a model that is watched and retrained, through real history."""

import json
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine

from shipworthy import clock
from shipworthy.errors import BadSpec, StepFailed
from shipworthy.flows.backtest import backtest
from shipworthy.flows.build import build
from shipworthy.flows.init import from_template
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.promote import Promotion, promote
from shipworthy.flows.run import run
from shipworthy.flows.time_lapse import Lapsed, time_lapse
from shipworthy.flows.train import train
from shipworthy.flows.up import beside
from shipworthy.gateways.service import Client
from shipworthy.logbook import read
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Window
from shipworthy.spec.load import load
from shipworthy.spec.project import Project, find, models
from shipworthy.spec.timeline import Timeline

TIMELINE = "demo.yml"
WHO = "demo"
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage of the demo cost: wall and CPU seconds (children included), and the peak memory so far in MiB."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_mib: float


@dataclass(slots=True)
class Shown:
    """What the demo came to, in the order of stages."""

    project: Project
    stages: list[Stage] = field(default_factory=list)
    promotions: list[Promotion] = field(default_factory=list)
    lapsed: list[Lapsed] = field(default_factory=list)


def demo(template: str, folder: Path, *, progress: Progress = silent) -> Shown:
    """Run the main job of `template` in `folder`; run again after an interruption it goes on from what is done."""
    started = Shown(_project(template, folder))
    project = started.project
    timeline = load(project.root / TIMELINE, Timeline)
    book = open_logbook(project.logbook)
    start = _midnight(timeline.train_as_of)
    with _stage(started, "build"):
        build(project, book, _midnight(timeline.build_as_of), progress=progress)
    for name in models(project):
        with _stage(started, f"train {name}"):
            trained = train(project, book, name, start, why="first candidate", progress=within(progress, f"train {name}"))
            started.promotions.append(promote(project, book, name, trained.version.version, who=WHO, why="first candidate", at=start))
        if started.promotions[-1].deployment is None:
            continue
        with _stage(started, f"backtest {name}"):
            backtest(project, book, name, start, number=trained.version.version, progress=within(progress, "backtest"))
    with _stage(started, "time-lapse"), pinned(project, start) as clock_file, _service(project) as client:
        _time_lapse(started, book, timeline, client, clock_file, progress)
    return started


def _project(template: str, folder: Path) -> Project:
    from_template(template, folder)
    if not (folder / TIMELINE).is_file():
        raise BadSpec(
            where=str(folder / TIMELINE),
            what=f"the template '{template}' has no time-lapse",
            fix="choose one with a demo.yml, such as flights",
        )
    return find(folder)


def _time_lapse(shown: Shown, book: Engine, timeline: Timeline, client: Client, clock_file: Path, progress: Progress) -> None:
    project, until = shown.project, _midnight(timeline.until)
    moment = _midnight(timeline.train_as_of)
    while moment < until:
        span = Window(moment, min(moment + timeline.every, until))
        for name in timeline.sent:
            champion = read.champion(book, name)
            version = read.version(book, name, champion) if champion is not None else None
            if version and not _sent(project, name, span):
                shown.lapsed.append(time_lapse(project, name, span, client, clock_file, artifact=version.artifact, progress=progress))
                _note_sent(project, name, span)
        run(project, book, span.end, progress=within(progress, f"{span.end:%d %B}"))
        moment = span.end


def _sent_file(project: Project, name: str) -> Path:
    return project.state / f"sent-{name}.json"


def _sent(project: Project, name: str, span: Window) -> bool:
    """Return whether the decisions of `span` were sent before an interruption."""
    file = _sent_file(project, name)
    return file.is_file() and datetime.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["until"]) >= span.end


def _note_sent(project: Project, name: str, span: Window) -> None:
    _sent_file(project, name).write_text(json.dumps({"until": span.end.isoformat()}), encoding="utf-8")


@contextmanager
def pinned(project: Project, start: datetime | None = None) -> Iterator[Path]:
    """Pin the clock of this process and its children to `start`, or to where the last time-lapse left it; one moves it on."""
    file = project.state / "clock"
    if start is not None:
        clock.pin(file, start)
    os.environ[clock.PINNED_BY] = str(file)
    try:
        yield file
    finally:
        del os.environ[clock.PINNED_BY]


@contextmanager
def _service(project: Project) -> Iterator[Client]:
    running = project.state / "service.json"
    running.unlink(missing_ok=True)
    with beside(project, "serve", "--port", "0") as process:
        deadline = monotonic() + PATIENCE_SECONDS
        while not running.is_file():
            if process.poll() is not None or monotonic() > deadline:
                raise StepFailed(where="service", what="did not start", fix=f"read {project.state}/logs/serve.log")
            time.sleep(0.05)
        client = Client(json.loads(running.read_text(encoding="utf-8"))["port"])
        try:
            yield client
        finally:
            client.close()


@contextmanager
def _stage(shown: Shown, name: str) -> Iterator[None]:
    wall, cpu = monotonic(), _cpu()
    yield
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    shown.stages.append(Stage(name, monotonic() - wall, _cpu() - cpu, peak))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
