"""What a training leaves in MLflow: everything that a data scientist would look for, in the tool that they know."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.diagnostics import diagnostics
from shipworthy.flows.studies.base import Subject
from shipworthy.gateways import charts, tracking
from shipworthy.records import Chapter, Promise, Verdict
from shipworthy.registry.schema import Schema
from shipworthy.spec.project import Project
from shipworthy.training.code import CodeVersion, environment

if TYPE_CHECKING:
    from shipworthy.flows.train import Attempt


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told of one training: the attempt, the model that was judged, what was found out and said of it."""

    attempt: "Attempt"
    subject: Subject
    schema: Schema
    studied: tuple[Chapter, ...]
    verdicts: tuple[Verdict, ...]
    code: CodeVersion | None


def store_of(project: Project) -> tracking.Store:
    """Return the MLflow store of a project; the embedded one keeps its files in the state folder."""
    return tracking.Store(project.tracking, None if project.settings.tracking else project.state / "mlartifacts")


def track(project: Project, told: Told) -> str:
    """Log a training once and register its package; return MLflow's run."""
    store, attempt, subject = store_of(project), told.attempt, told.subject
    spec, made, promise, fitted = attempt.spec, attempt.material.made, subject.promise, subject.fitted
    metrics = {
        promise.metric: promise.value,
        f"rule_{promise.metric}": promise.rule,
        "rows": float(made.rows),
        "trees": None if fitted.iterations is None else float(fitted.iterations),
        **_ends(promise),
    }
    texts = {
        "training_set.sql": made.sql, "model.yml": spec.model_dump_json(indent=1), "environment.txt": environment(),
        "left_out.json": _left_out(made),
        "gates.md": _gates(told.verdicts), "code.diff": told.code.diff if told.code else "", **_charts(subject),
    }  # fmt: skip
    run = tracking.log(
        store, spec.model, once=attempt.run, name=subject.name, parameters=dict(fitted.parameters), metrics=metrics,
        curves={f"{promise.metric}_{name}": curve for name, curve in fitted.curves.items()}, tags=_tags(told),
        dataset=tracking.TrackedDataset(f"training_sets/{spec.model}", made.hash, str(project.lake / made.table.table), made.rows),
        texts={path: text for path, text in texts.items() if text}, folders={"package": attempt.folder}, note=_note(told),
    )  # fmt: skip
    tracking.register(store, spec.model, run, path="package", version=attempt.number)
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


def _tags(told: Told) -> dict[str, str]:
    made = told.attempt.material.made
    return {
        "shipworthy.version": str(told.attempt.number),
        "shipworthy.as_of": made.as_of.isoformat(),
        "shipworthy.training_set": made.hash,
        "shipworthy.code": told.code.words if told.code else "not in git",
        "shipworthy.why": told.attempt.why,
        "shipworthy.learner": told.subject.fitted.learner,
        "shipworthy.sound": str(all(verdict.outcome == "pass" or verdict.waived_by for verdict in told.verdicts)).lower(),
    }


def _gates(verdicts: tuple[Verdict, ...]) -> str:
    lines = [f"| {verdict.outcome} | {verdict.name} | {verdict.words} | {verdict.waived_by or ''} |" for verdict in verdicts]
    return "\n".join(["| outcome | gate | in words | waived by |", "|---|---|---|---|", *lines]) + "\n"


def _note(told: Told) -> str:
    spec, why = told.attempt.spec, told.attempt.why
    return f"**{spec.brief.goal or spec.model}**\n\n{spec.brief.decision or ''}\n\nWhy this run: {why}\n\n{_gates(told.verdicts)}"


def _charts(subject: Subject) -> dict[str, str]:
    specs = diagnostics(
        subject.material.task, subject.material.metric, times=subject.times, truth=subject.truth, answers=subject.answers,
        rule=subject.rule, curves=subject.fitted.curves, importance=subject.fitted.importance,
        quantile=subject.spec.evaluation.quantile,
    )  # fmt: skip
    return {f"charts/{name}.html": charts.html(spec) for name, spec in specs.items()}
