"""The steps of a run as they are called in child processes: a project's folder and a moment in, plain words out."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from shipworthy.bounds import Outcome
from shipworthy.flows.build import build
from shipworthy.flows.monitor import monitor
from shipworthy.flows.progress import Progress
from shipworthy.flows.promote import follow
from shipworthy.flows.replay import replay
from shipworthy.flows.replay_due import alarm, due
from shipworthy.flows.retrain import retrain
from shipworthy.flows.score import score
from shipworthy.flows.train import train
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Verdict
from shipworthy.spec.project import Project, find, models

Said = Mapping[str, Any]


def _opened(folder: str) -> tuple[Project, Engine]:
    project = find(Path(folder))
    return project, open_logbook(project.logbook)


def build_step(folder: str, as_of: datetime, progress: Progress) -> Said:
    """Build what is due."""
    project, book = _opened(folder)
    result = build(project, book, as_of, progress=progress)
    red = [verdict for verdict in result.verdicts if verdict.outcome != "pass"]
    words = f"{len(result.published)} relations as of {as_of:%Y-%m-%d %H:%M}" if result.new else "nothing was due"
    return {"words": words + _first(red), "sound": result.outcome == "pass", "detail": {"nodes": result.nodes, "red": len(red)}}


def score_step(folder: str, model: str, as_of: datetime, progress: Progress) -> Said:
    """Score the new decisions of a model that has batch scoring, once it is promoted."""
    project, book = _opened(folder)
    progress(f"{model}: score", 0, 1)
    scored = score(project, book, model, as_of)
    return {"words": f"{scored.rows:,} decisions scored by {model}@{scored.version}", "sound": True, "detail": {"rows": scored.rows}}


def monitor_step(folder: str, model: str, as_of: datetime, progress: Progress) -> Said:
    """Watch a model."""
    project, book = _opened(folder)
    follow(project, book, model)
    watched = monitor(project, book, model, as_of, progress=progress)
    firing = [alert for alert in watched.changed if alert.state == "firing"]
    red: list[Verdict] = [verdict for verdict in watched.verdicts if verdict.outcome == "fail"]
    outcome: Outcome = "fail" if firing else "pass"
    words = watched.words or f"{watched.absorbed:,} records, {len(watched.windows)} windows, {len(firing)} new alarms"
    return {
        "words": words + _first(red),
        "sound": outcome == "pass",
        "detail": {"absorbed": watched.absorbed, "firing": [alert.key for alert in firing]},
    }


def replay_step(folder: str, model: str, as_of: datetime, progress: Progress) -> Said:
    """Compare what was served on the whole days since the last replay with the lake, and alarm where it was something else."""
    project, book = _opened(folder)
    span = due(book, model, as_of)
    if span is None:
        return {"words": "nothing was due", "sound": True, "detail": {}}
    replayed = replay(project, book, model, span, as_of, progress=progress)
    fired = alarm(project, book, replayed, as_of)
    detail = {"rows": replayed.rows, "share": replayed.share, "firing": [alert.key for alert in fired]}
    return {"words": replayed.verdict.words, "sound": replayed.outcome == "pass" or not replayed.rows, "detail": detail}


def retrain_step(folder: str, model: str, as_of: datetime, progress: Progress) -> Said:
    """Train a model again if it is due."""
    project, book = _opened(folder)
    result = retrain(project, book, model, as_of, progress=progress)
    follow(project, book, model)
    refused = result.promotion is not None and result.promotion.deployment is None
    version = result.trained.version.version if result.trained else None
    return {
        "words": result.words,
        "sound": not refused,
        "detail": {"reasons": [reason.words for reason in result.reasons], "version": version},
    }


def train_step(folder: str, model: str, as_of: datetime, progress: Progress) -> Said:
    """Train a first candidate of a model that has none."""
    project, book = _opened(folder)
    result = train(project, book, model, as_of, why="first candidate", progress=progress)
    red = [verdict for verdict in result.verdicts if verdict.outcome != "pass" and not verdict.waived_by]
    words = f"{model}@{result.version.version}: {'every gate is green' if result.version.sound else 'refused'}"
    return {"words": words + _first(red), "sound": result.version.sound, "detail": {"version": result.version.version}}


def _first(red: list[Verdict]) -> str:
    return f"; {red[0].words}" if red else ""


def plan(project: Project) -> list[tuple[str, Any, dict[str, Any]]]:
    """Return the steps of a run in order: name, function, arguments beside folder and moment."""
    specs = models(project)
    batch = [name for name, spec in specs.items() if spec.deployment.mode != "online"]
    return [
        ("build", build_step, {}),
        *[(f"score {name}", score_step, {"model": name}) for name in batch],
        *[(f"monitor {name}", monitor_step, {"model": name}) for name in specs],
        *[(f"replay {name}", replay_step, {"model": name}) for name, spec in specs.items() if spec.deployment.mode != "batch"],
        *[(f"retrain {name}", retrain_step, {"model": name}) for name in specs],
    ]
