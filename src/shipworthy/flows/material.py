"""What a candidate is made from: the rows of a training set, their split, their schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import BadData, BadSpec, UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.lookups import lookups_of
from shipworthy.flows.monotone import monotone_of
from shipworthy.flows.splitting import groups_of, split_of
from shipworthy.gateways.trust import Trust, trust_of
from shipworthy.records import Task
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import Schema, as_numbers, infer
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.part import Metric
from shipworthy.spec.project import Project
from shipworthy.training.baseline import meaning_of, meant, rule_answers, rule_classes
from shipworthy.training.classes import classes_of, codes_of, texts_of
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.base import NO_TRUST, Aim
from shipworthy.training.split import Split

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Material:
    """What a candidate is made from: the ordered rows of a training set, split, with the rule's answers.

    `groups` are the codes of declared groups where the split, being one by time, does not keep them together.
    `code` is the team's own `train.py`, None where there is none; `trust` what an estimator may be made of. Of a multiclass task
    `classes` are the names, `target` the code of one for each row, and `rule` probabilities, shape (n, c): what it has meant in the rows
    to learn from where the rule named a class, which `rule_meaning` has. `monotone` is which way the answer must follow a feature, by
    name: 1 up, -1 down.
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
    classes: tuple[str, ...] = ()
    rule_meaning: Numbers | None = None
    monotone: Mapping[str, int] = field(default_factory=dict)


def prepare(project: Project, spec: ModelSpec, made: TrainingSet) -> Material:
    """Return the rows of a training set, split as the spec says, with what the rule answers."""
    where = f"ml/{spec.model}/model.yml"
    rows = training_set.rows(project.lake, made)
    task, target, classes = labels_of(spec, rows.column("label"), where)
    times = rows.column("decided_at").cast(pa.timestamp("us")).to_numpy()
    split = split_of(project, spec, made, rows)
    features = rows.select(list(made.features))
    rule, meaning = rule_of(spec, features, classes, target, split, f"{where}: baseline.sql")
    return Material(
        made, rows, features, target, times, task, metric_of(spec, task), split, rule, code_of(project, spec), trust_of(project),
        groups_of(project, spec, made, rows, split), classes, meaning, monotone_of(spec, catalogs.load(project)),
    )  # fmt: skip


def labels_of(spec: ModelSpec, labels: pa.ChunkedArray, where: str) -> tuple[Task, Numbers, tuple[str, ...]]:
    """Return the task, the label of each row as a number, shape (n,), and the classes that they are codes of, if they are.

    Raises:
        BadData: there is no label, or it is not one of the task.
        BadSpec: the spec asks for what has no meaning with classes.
    """
    text = not (pa.types.is_integer(labels.type) or pa.types.is_floating(labels.type) or pa.types.is_boolean(labels.type))
    text = text and not pa.types.is_decimal(labels.type)
    if spec.task == "multiclass" or (spec.task is None and text):
        refuse_idle(spec, where)
        texts = texts_of(labels, f"label of {spec.model}")
        classes = classes_of(texts, f"label of {spec.model}")
        require_favourable(spec, classes, where)
        return "multiclass", codes_of(texts, classes), classes
    if text:
        what = f"the label is of type {labels.type}, which a {spec.task} model cannot learn"
        raise BadData(where=f"label of {spec.model}", what=what, fix="set task: multiclass, or let the label's SQL give a number")
    target = as_numbers(labels)
    require_favourable(spec, (), where)
    return spec.task or task_of(target), target, ()


def require_favourable(spec: ModelSpec, classes: tuple[str, ...], where: str) -> None:
    """Do nothing if the outcome that is good for a person, where the spec names it, is one of the label.

    Raises:
        UnknownName: it is none of the classes; with the nearest.
        BadSpec: it is a class, and the label has none.
    """
    good, where = spec.fairness.favourable if spec.fairness else 1, f"{where}: fairness.favourable"
    if isinstance(good, str) and not classes:
        raise BadSpec(where=where, what=f"'{good}' is the name of a class, and the label has none", fix="write 0 or 1")
    if isinstance(good, str) and good not in classes:
        raise UnknownName.of("class", good, known=classes, where=where)


def refuse_idle(spec: ModelSpec, where: str) -> None:
    """Do nothing if `evaluation` asks for nothing that classes have no meaning for.

    Raises:
        BadSpec: names it.
    """
    said = spec.evaluation
    asked = {"quantile": said.quantile, "capacity": said.capacity, "costs": said.costs, "calibrate": said.calibrate != "none" or None}
    for name in (name for name, value in asked.items() if value is not None):
        raise BadSpec(
            where=f"{where}: evaluation.{name}", what="has no meaning for a label of several classes",
            fix="take it out, or let the label's SQL say 1 for the class that is acted on and 0 for the others",
        )  # fmt: skip


def rule_of(
    spec: ModelSpec, features: pa.Table, classes: tuple[str, ...], target: Numbers, split: Split, where: str
) -> tuple[Numbers | None, Numbers | None]:
    """Return what the rule says to each row, and what it means where it names a class; None where there is no rule, or no classes."""
    if spec.baseline is None:
        return None, None
    if not classes:
        return rule_answers(features, spec.baseline.sql, where), None
    said = rule_classes(features, spec.baseline.sql, classes, where)
    meaning = meaning_of(said[split.fit], target[split.fit], len(classes))
    return meant(said, meaning), meaning


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
    by_task: Metric = "mae" if task == "regression" else "log_loss"
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
    return replace(schema, lookups=lookups_of(spec, catalogs.relations(catalog, spec)), classes=material.classes)


def rows_of(schema: Schema, material: Material) -> Rows:
    """Return all rows of `material` as a learner takes them, encoded as `schema` says."""
    levels = {place: schema.columns[place].categories for place in schema.categorical}
    return Rows(encode(schema, material.features), material.target, schema.names, schema.categorical, levels)


def aim_of(spec: ModelSpec, material: Material) -> Aim:
    """Return what a fit of the model is after."""
    where = f"ml/{spec.model}/model.yml: training.parameters"
    return Aim(
        material.task, material.metric, spec.training.seed, where, spec.evaluation.quantile, material.code, material.trust,
        len(material.classes), material.monotone,
    )  # fmt: skip
