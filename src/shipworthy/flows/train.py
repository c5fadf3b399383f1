"""`train`: training set, split, rule, fit, evaluation, package, gates, tracking; ends with a candidate and its verdicts.

The promise is measured on the last stretch of history, which the fit has not seen. What is packaged has then learnt
from that stretch too, with as many trees: its last weeks are the ones most like what comes.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.checks.training_set.base.judge import CHECKS
from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import BadData
from shipworthy.evaluation.promise import promise
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.challenge import against_champion
from shipworthy.flows.lookups import lookups_of
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.splitting import split_of
from shipworthy.flows.tracked import Told, track
from shipworthy.flows.training_data import look, refuse_red
from shipworthy.logbook import read, write
from shipworthy.logbook.latest import verdicts_on
from shipworthy.records import ModelVersion, Promise, Task, Verdict
from shipworthy.registry import package as packages
from shipworthy.registry.encoding import encode
from shipworthy.registry.gate import judge, sound
from shipworthy.registry.gates.base import Candidate
from shipworthy.registry.package import Provenance
from shipworthy.registry.reproduction import largest_difference
from shipworthy.registry.schema import Schema, infer
from shipworthy.spec.model import Metric, ModelSpec
from shipworthy.spec.project import Project, model
from shipworthy.training.baseline import rule_answers
from shipworthy.training.code import code_version
from shipworthy.training.fit import Fitted, Rows, fit, predict, refit
from shipworthy.training.split import Split

Numbers = npt.NDArray[np.float64]
STEPS = 7
GOLDEN = 40


@dataclass(frozen=True, slots=True)
class Trained:
    """A candidate: its version, its promise, the verdicts of its gates; `new` is False where it was trained before."""

    version: ModelVersion
    promise: Promise
    verdicts: tuple[Verdict, ...]
    new: bool = True


@dataclass(frozen=True, slots=True)
class Material:
    """What a candidate is made from: the ordered rows of a training set, split, with the rule's answers."""

    made: TrainingSet
    rows: pa.Table
    features: pa.Table
    target: Numbers
    times: npt.NDArray[np.datetime64]
    task: Task
    metric: Metric
    split: Split
    rule: Numbers | None


def train(project: Project, book: Engine, name: str, as_of: datetime, *, why: str = "asked for", progress: Progress = silent) -> Trained:
    """Train a candidate of the model `name` on what was known at `as_of`; the same training again gives the same version.

    Raises:
        ShipworthyError: no such model, data that cannot be learnt from or that a check refuses, a spec that does not fit it.
    """
    spec = model(project, name)
    catalog = catalogs.load(project)
    relations = catalogs.relations(catalog, spec)
    progress("training set", 0, STEPS)
    start = as_of - spec.training.history if spec.training.history else None
    made = training_set.build(project.lake, spec, relations, as_of, pins=catalogs.pins(catalog, spec), start=start)
    run = f"train-{name}-{made.hash[:12]}-{sha256(spec.model_dump_json().encode()).hexdigest()[:8]}"
    known = next((version for version in read.versions(book, name) if version.run_id == run), None)
    if known:
        return _known(book, known)
    progress("split and rule", 1, STEPS)
    material = prepare(project, spec, made)
    looked = look(project, book, spec, catalog, material, progress=within(progress, "look"))
    refuse_red(spec, looked)
    progress("fit", 2, STEPS)
    return _candidate(project, book, spec, catalog, material, looked, run, why, progress)


def _known(book: Engine, version: ModelVersion) -> Trained:
    subject = f"{version.model}@{version.version}"
    verdicts = tuple(verdict for _, verdict in read.verdicts(book, subject=subject))
    offline = next(line for line in read.promises(book, version.model) if line.version == version.version and line.stage == "offline")
    return Trained(version, offline, verdicts, new=False)


def prepare(project: Project, spec: ModelSpec, made: TrainingSet) -> Material:
    """Return the rows of a training set, split as the spec says, with what the rule answers."""
    where = f"ml/{spec.model}/model.yml"
    rows = training_set.rows(project.lake, made)
    target = rows.column("label").cast(pa.float64()).to_numpy()
    times = rows.column("decided_at").cast(pa.timestamp("us")).to_numpy()
    task = spec.task or task_of(target)
    split = split_of(project, spec, made, rows)
    features = rows.select(list(made.features))
    rule = rule_answers(features, spec.baseline.sql, f"{where}: baseline.sql") if spec.baseline else None
    return Material(made, rows, features, target, times, task, metric_of(spec, task), split, rule)


def task_of(target: Numbers) -> Task:
    """Return what is predicted: a label of nothing but 0 and 1 is binary.

    Raises:
        BadData: there is no label.
    """
    if not len(target):
        raise BadData(where="training set", what="has no rows", fix="take a later moment, or look at its exclusions")
    return "binary" if np.isin(target, (0.0, 1.0)).all() else "regression"


def metric_of(spec: ModelSpec, task: Task) -> Metric:
    """Return the metric of the promise: the evaluation's, the brief's, or the task's."""
    by_task: Metric = "log_loss" if task == "binary" else "mae"
    return spec.evaluation.metric or (spec.brief.target.metric if spec.brief.target else by_task)


def schema_of(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, features: pa.Table) -> Schema:
    """Return the input schema that `features`, rows of the training set, give, with how the service can look them up."""
    label = catalog.relations[spec.label.relation]["columns"].get(spec.label.column, {})
    schema = infer(
        features, features.column_names, model=spec.model, task=material.task, label=spec.label.column, label_unit=label.get("unit"),
        descriptions=catalogs.descriptions(catalog, spec), units=catalogs.units(catalog, spec),
    )  # fmt: skip
    return replace(schema, lookups=lookups_of(spec, catalogs.relations(catalog, spec)))


def fitted_on(spec: ModelSpec, material: Material, schema: Schema) -> tuple[Fitted, Numbers]:
    """Return the model fitted to the rows before the holdout, and its answers for the holdout."""
    rows = Rows(encode(schema, material.features), material.target, schema.names, schema.categorical)
    where = f"ml/{spec.model}/model.yml: training.parameters"
    fitted = fit(
        rows,
        material.split,
        task=material.task,
        metric=material.metric,
        said=spec.training.parameters,
        seed=spec.training.seed,
        where=where,
    )
    return fitted, predict(fitted.text, rows.matrix[material.split.holdout])


def offline(spec: ModelSpec, version: int, material: Material, answers: Numbers, now: datetime) -> Promise:
    """Return the promise on the holdout: the model beside the rule on the same rows."""
    held = material.split.holdout
    return promise(
        spec.model, version, "offline", material.metric, times=material.times[held], truth=material.target[held], answers=answers,
        rule=None if material.rule is None else material.rule[held], window=material.split.holdout_window, now=now,
        together=None if material.split.together is None else material.split.together[held],
    )  # fmt: skip


def _candidate(
    project: Project,
    book: Engine,
    spec: ModelSpec,
    catalog: catalogs.Catalog,
    material: Material,
    looked: list[Verdict],
    run: str,
    why: str,
    progress: Progress,
) -> Trained:
    number, made = write.next_version(book, spec.model), material.made
    fit_schema = schema_of(spec, catalog, material, material.features.filter(pa.array(material.split.fit)))
    fitted, answers = fitted_on(spec, material, fit_schema)
    progress("evaluate", 3, STEPS)
    promised = offline(spec, number, material, answers, made.as_of)
    beside = against_champion(project, book, spec, material, answers)
    progress("fit to all of history", 4, STEPS)
    schema = schema_of(spec, catalog, material, material.features)
    matrix = encode(schema, material.features)
    text = refit(Rows(matrix, material.target, schema.names, schema.categorical), fitted)
    progress("package", 5, STEPS)
    folder = project.artifacts / spec.model / str(number)
    commit = code_version(project.root)
    provenance = Provenance(made.hash, made.as_of, run, made.as_of, commit.words if commit else None)
    package = _packaged(folder, number, schema, text, material, provenance)
    candidate = Candidate(
        spec=spec, version=number, offline=promised, features=schema.names, descriptions=catalogs.descriptions(catalog, spec),
        foundations=catalogs.foundations(catalog, spec), checks=tuple(verdicts_on(book, spec.relations)), training_data=tuple(looked),
        champion=read.champion(book, spec.model), against_champion=beside,
        reproduction=largest_difference(package, material.features, predict(text, matrix)), unit=schema.unit or "",
    )  # fmt: skip
    verdicts = judge(candidate, today=made.as_of.date(), checks=CHECKS)
    progress("track", 6, STEPS)
    told = Told(spec, number, run, why, folder, promised, tuple(verdicts), schema, fitted, answers, commit)
    track(project, told, material)
    artifact = str(folder.relative_to(project.state))
    version = ModelVersion(spec.model, number, made.as_of, made.as_of, run, made.hash, artifact, sound(verdicts), why)
    _keep(book, version, promised, verdicts)
    progress("done", STEPS, STEPS)
    return Trained(version, promised, tuple(verdicts))


def _packaged(folder: Path, number: int, schema: Schema, text: str, material: Material, provenance: Provenance) -> packages.Package:
    """Write the package of a model anew, with answers to rows from all over its history."""
    shutil.rmtree(folder, ignore_errors=True)  # of a training that was killed before the logbook knew it
    places = np.linspace(0, material.made.rows - 1, GOLDEN).astype(np.int64)
    sample = material.features.take(pa.array(places)).to_pylist()
    return packages.write(folder, version=number, schema=schema, text=text, sample=sample, provenance=provenance)


def _keep(book: Engine, version: ModelVersion, promised: Promise, verdicts: list[Verdict]) -> None:
    write.promises(book, [promised])
    write.verdicts(book, version.run_id, version.as_of, verdicts)
    write.version(book, version)  # last: what the logbook knows is whole
