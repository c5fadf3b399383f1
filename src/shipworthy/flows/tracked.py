"""What a training leaves in MLflow: everything that a data scientist would look for, in the tool that they know."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.diagnostics import by_week, diagnostics
from shipworthy.flows import recorded, told
from shipworthy.flows.recorded import CONSOLE, PREDICTIONS, RECORD, TRACKED, Tracked
from shipworthy.flows.studies.base import Subject, level_of
from shipworthy.gateways import durable, tracking
from shipworthy.gateways.hardware import Sample
from shipworthy.gateways.secrets import masked
from shipworthy.records import Chapter, Promise, Verdict
from shipworthy.registry.schema import Schema
from shipworthy.spec.project import Project
from shipworthy.training.code import environment

if TYPE_CHECKING:
    from shipworthy.flows.train import Attempt


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told of one training: the attempt, the model that was judged, what was found out and said of it, what it used."""

    attempt: "Attempt"
    subject: Subject
    schema: Schema
    studied: tuple[Chapter, ...]
    verdicts: tuple[Verdict, ...]
    console: str = ""
    used: Sequence[Sample] = ()


def store_of(project: Project) -> tracking.Store:
    """Return the MLflow store of a project; the embedded one keeps its files in the state folder."""
    return tracking.Store(project.tracking, None if project.settings.tracking else project.state / "mlartifacts")


def track(project: Project, said: Told) -> str:
    """Log a training once and register its package; return MLflow's run, which is kept beside what was recorded of the training."""
    store, attempt, subject = store_of(project), said.attempt, said.subject
    spec, made, fitted = attempt.spec, attempt.material.made, subject.fitted
    folder = recorded.folder_of(project, spec.model, attempt.number)
    durable.put(folder / CONSOLE, said.console.encode())
    run = tracking.log(
        store, spec.model, once=attempt.run, name=subject.name, parameters=dict(fitted.parameters), metrics=_metrics(said),
        curves={f"{subject.promise.metric}_{name}": curve for name, curve in fitted.curves.items()}, tags=_tags(said),
        dataset=tracking.TrackedDataset(f"training_sets/{spec.model}", made.hash, str(project.lake / made.table.table), made.rows),
        texts={path: text for path, text in _texts(said).items() if text}, tables=["predictions.json"],
        folders={"package": attempt.folder, "predictions": folder / PREDICTIONS, "training": folder / RECORD},
        series=_series(said.used), note=_note(said),
    )  # fmt: skip
    tracking.register(store, spec.model, run, path="package", version=attempt.number)
    shown = Tracked(tracking.experiment_of(store, run), run)
    durable.put(folder / TRACKED, msgspec.json.encode(shown))
    return run


def _texts(said: Told) -> dict[str, str]:
    attempt, made, project = said.attempt, said.attempt.material.made, said.attempt.project
    drawn = _charts(said.subject)
    return {
        "charts.html": told.page(project, said.subject.name, drawn, said.studied),
        **{f"studies/{chapter.name}.md": told.markdown(chapter) for chapter in said.studied},
        **{f"charts/{name}.json": json.dumps(spec) for name, spec in drawn.items()},
        "console.log": said.console, "predictions.json": told.predictions(recorded.folder_of(project, made.model, attempt.number)),
        "training_set.sql": made.sql, "open_training_set.py": told.opening(project, made), "left_out.json": _left_out(made),
        "model.yml": attempt.spec.model_dump_json(indent=1), **told.configuration(project, made.model, attempt.number),
        "environment.txt": environment(), "gates.md": told.judged(said.verdicts),
        "code.diff": masked(said.attempt.code.diff) if said.attempt.code else "",
    }  # fmt: skip


def _metrics(said: Told) -> dict[str, float | None]:
    promise, fitted = said.subject.promise, said.subject.fitted
    return {
        promise.metric: promise.value, f"rule_{promise.metric}": promise.rule, "rows": float(said.attempt.material.made.rows),
        "trees": None if fitted.iterations is None else float(fitted.iterations), **_ends(promise),
    }  # fmt: skip


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


def _series(used: Sequence[Sample]) -> dict[str, list[tuple[float, float]]]:
    """Return what was used, by the name that MLflow's pages know it by, moment by moment."""
    names = dict.fromkeys(name for sample in used for name in sample.values)
    return {name: [(sample.at, sample.values[name]) for sample in used if name in sample.values] for name in names}


def _tags(said: Told) -> dict[str, str]:
    made = said.attempt.material.made
    return {
        "shipworthy.version": str(said.attempt.number),
        "shipworthy.as_of": made.as_of.isoformat(),
        "shipworthy.training_set": made.hash,
        "shipworthy.code": said.attempt.code.words if said.attempt.code else "not in git",
        "shipworthy.why": said.attempt.why,
        "shipworthy.learner": said.subject.fitted.learner,
        "shipworthy.sound": str(all(verdict.outcome == "pass" or verdict.waived_by for verdict in said.verdicts)).lower(),
        **{f"shipworthy.{name}": link for name, link in links(said.attempt.project, made.model, said.attempt.number).items()},
    }


def links(project: Project, model: str, version: int) -> dict[str, str]:
    """Return where else a version is shown: its page in the console, and its model in dbt's own documents."""
    console = project.settings.console
    return {
        "console": f"http://{console.host}:{console.port}/models/{model}/{version}",
        "dbt_docs": f"index.html#!/exposure/exposure.{_dbt_name(project)}.{model}",
    }


def _dbt_name(project: Project) -> str:
    """Return what dbt calls the project; its folder's name where there is no dbt project."""
    file = project.root / "dbt_project.yml"
    named = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("name") if file.is_file() else None
    return str(named or project.root.name)


def _note(said: Told) -> str:
    spec, attempt = said.attempt.spec, said.attempt
    kept = recorded.folder_of(attempt.project, spec.model, attempt.number) / recorded.CONFIGURATION / "ml" / spec.model / "notes.md"
    shown = links(attempt.project, spec.model, attempt.number)
    parts = [
        f"**{spec.brief.goal or spec.model}**", spec.brief.decision or "", f"Why this run: {attempt.why}",
        f"[Console]({shown['console']}) while `shipworthy up` or `shipworthy console` runs; dbt's documents, after `dbt docs generate` and "
        f"`dbt docs serve`: `{shown['dbt_docs']}`. Make it again: `shipworthy reproduce {said.subject.name}`. Charts and studies: "
        "`charts.html`; the training set: `open_training_set.py`.",
        told.judged(said.verdicts), masked(kept.read_text(encoding="utf-8", errors="replace")) if kept.is_file() else "",
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def _charts(subject: Subject) -> Mapping[str, Mapping[str, Any]]:
    metric, times, truth, answers, rule = subject.material.metric, subject.times, subject.truth, subject.answers, subject.rule
    drawn = diagnostics(
        subject.material.task, metric, times=times, truth=truth, answers=answers, rule=rule, curves=subject.fitted.curves,
        importance=subject.fitted.importance, threshold=subject.decision.threshold, classes=subject.material.classes,
    )  # fmt: skip
    if not len(truth):
        return drawn
    quantile, together, level = subject.spec.evaluation.quantile, subject.together, level_of(subject)
    return drawn | {"by_week": by_week(metric, times, truth, answers, rule, quantile=quantile, together=together, level=level)}
