"""What a candidate is made from: the rows of a training set, their split, their schema."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import BadData
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lookups import lookups_of
from shipworthy.flows.splitting import groups_of, split_of
from shipworthy.gateways.trust import Trust, trust_of
from shipworthy.records import Task
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import Schema, infer
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.part import Metric
from shipworthy.spec.project import Project
from shipworthy.training.baseline import rule_answers
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.base import NO_TRUST, Aim
from shipworthy.training.split import Split

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Material:
    """What a candidate is made from: the ordered rows of a training set, split, with the rule's answers.

    `groups` are the codes of declared groups where the split, being one by time, does not keep them together.
    `code` is the team's own `train.py`, None where there is none; `trust` what an estimator may be made of.
    """

    made: TrainingSet
    rows: pa.Table
    features: pa.Table
    target: Numbers
    times: npt.NDArray[np.datetime64]
    task: Task
    metric: Metric
    split: Split
    rule: Numbers | None
    code: Path | None = None
    trust: Trust = NO_TRUST
    groups: npt.NDArray[np.int64] | None = None


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
    return Material(
        made, rows, features, target, times, task, metric_of(spec, task), split, rule, code_of(project, spec), trust_of(project),
        groups_of(project, spec, made, rows, split),
    )  # fmt: skip


def code_of(project: Project, spec: ModelSpec) -> Path | None:
    """Return the team's own way to learn, `ml/MODEL/train.py`; None where there is none."""
    file = project.root / "ml" / spec.model / "train.py"
    return file if file.is_file() else None


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
    if spec.evaluation.quantile is not None:
        return "pinball"
    return spec.evaluation.metric or (spec.brief.target.metric if spec.brief.target else by_task)


def schema_of(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, features: pa.Table) -> Schema:
    """Return the input schema that `features`, rows of the training set, give, with how the service can look them up."""
    label = catalog.relations[spec.label.relation]["columns"].get(spec.label.column, {})
    schema = infer(
        features, features.column_names, model=spec.model, task=material.task, label=spec.label.column, label_unit=label.get("unit"),
        descriptions=catalogs.descriptions(catalog, spec), units=catalogs.units(catalog, spec),
    )  # fmt: skip
    return replace(schema, lookups=lookups_of(spec, catalogs.relations(catalog, spec)))


def rows_of(schema: Schema, material: Material) -> Rows:
    """Return all rows of `material` as a learner takes them, encoded as `schema` says."""
    levels = {place: schema.columns[place].categories for place in schema.categorical}
    return Rows(encode(schema, material.features), material.target, schema.names, schema.categorical, levels)


def aim_of(spec: ModelSpec, material: Material) -> Aim:
    """Return what a fit of the model is after."""
    where = f"ml/{spec.model}/model.yml: training.parameters"
    return Aim(material.task, material.metric, spec.training.seed, where, spec.evaluation.quantile, material.code, material.trust)
