"""What a training leaves in MLflow: everything that a data scientist would look for, in the tool that they know."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.diagnostics import diagnostics
from shipworthy.gateways import charts, tracking
from shipworthy.records import Promise, Verdict
from shipworthy.registry.schema import Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project
from shipworthy.training.code import CodeVersion, environment
from shipworthy.training.fit import Fitted

if TYPE_CHECKING:
    from shipworthy.flows.train import Material


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told of one training; `answers` are those for the holdout."""

    spec: ModelSpec
    version: int
    run: str
    why: str
    folder: Path
    promise: Promise
    verdicts: tuple[Verdict, ...]
    schema: Schema
    fitted: Fitted
    answers: npt.NDArray[np.float64]
    code: CodeVersion | None


def store_of(project: Project) -> tracking.Store:
    """Return the MLflow store of a project; the embedded one keeps its files in the state folder."""
    return tracking.Store(project.tracking, None if project.settings.tracking else project.state / "mlartifacts")


def track(project: Project, told: Told, material: "Material") -> str:
    """Log a training once and register its package; return MLflow's run."""
    store, spec = store_of(project), told.spec
    made, promise = material.made, told.promise
    metrics = {
        promise.metric: promise.value,
        f"rule_{promise.metric}": promise.rule,
        "rows": float(made.rows),
        "trees": float(told.fitted.iterations),
        **_ends(promise),
    }
    texts = {
        "training_set.sql": made.sql, "model.yml": spec.model_dump_json(indent=1), "environment.txt": environment(),
        "left_out.json": _left_out(made),
        "gates.md": _gates(told.verdicts), "code.diff": told.code.diff if told.code else "", **_charts(told, material),
    }  # fmt: skip
    run = tracking.log(
        store, spec.model, once=told.run, name=f"{spec.model}@{told.version}", parameters=dict(told.fitted.parameters), metrics=metrics,
        curves={f"{material.metric}_{name}": curve for name, curve in told.fitted.curves.items()}, tags=_tags(told, material),
        dataset=tracking.TrackedDataset(f"training_sets/{spec.model}", made.hash, str(project.lake / made.table.table), made.rows),
        texts={path: text for path, text in texts.items() if text}, folders={"package": told.folder}, note=_note(told),
    )  # fmt: skip
    tracking.register(store, spec.model, run, path="package", version=told.version)
    return run


def _left_out(made: TrainingSet) -> str:
    """Return the decisions that are not in the set, by reason, and the stretches of time that the spec excludes."""
    excluded = [
        {"from": one.window.start.isoformat(), "to": one.window.end.isoformat(), "reason": one.reason, "decisions": one.decisions}
        for one in made.excluded
    ]
    return json.dumps({"decisions": dict(made.exclusions), "excluded": excluded}, indent=1)


def _ends(promise: Promise) -> dict[str, float | None]:
    interval, difference = promise.interval, promise.difference
    return {
        f"{promise.metric}_low": interval.low if interval else None, f"{promise.metric}_high": interval.high if interval else None,
        "minus_rule_low": difference.low if difference else None, "minus_rule_high": difference.high if difference else None,
    }  # fmt: skip


def _tags(told: Told, material: "Material") -> dict[str, str]:
    return {
        "shipworthy.version": str(told.version),
        "shipworthy.as_of": material.made.as_of.isoformat(),
        "shipworthy.training_set": material.made.hash,
        "shipworthy.code": told.code.words if told.code else "not in git",
        "shipworthy.why": told.why,
        "shipworthy.sound": str(all(verdict.outcome == "pass" or verdict.waived_by for verdict in told.verdicts)).lower(),
    }


def _gates(verdicts: tuple[Verdict, ...]) -> str:
    lines = [f"| {verdict.outcome} | {verdict.name} | {verdict.words} | {verdict.waived_by or ''} |" for verdict in verdicts]
    return "\n".join(["| outcome | gate | in words | waived by |", "|---|---|---|---|", *lines]) + "\n"


def _note(told: Told) -> str:
    brief = told.spec.brief
    return f"**{brief.goal or told.spec.model}**\n\n{brief.decision or ''}\n\nWhy this run: {told.why}\n\n{_gates(told.verdicts)}"


def _charts(told: Told, material: "Material") -> dict[str, str]:
    held = material.split.holdout
    specs = diagnostics(
        material.task, material.metric, times=material.times[held], truth=material.target[held], answers=told.answers,
        rule=None if material.rule is None else material.rule[held], curves=told.fitted.curves, importance=told.fitted.importance,
    )  # fmt: skip
    return {f"charts/{name}.html": charts.html(spec) for name, spec in specs.items()}
