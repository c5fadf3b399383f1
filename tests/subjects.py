"""A model freshly fitted to a real data set, as studies are shown it; no project around it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import create_engine

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.promise import promise
from shipworthy.flows.catalog import Catalog
from shipworthy.flows.material import Material, metric_of
from shipworthy.flows.studies.base import Subject
from shipworthy.gateways.lake import Pin
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import infer, kind_of
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Settings
from shipworthy.training.baseline import rule_answers
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.base import Aim
from shipworthy.training.learners.lightgbm import LightGBM
from shipworthy.training.split import TAIL_SHARE, Split, window


def spec_of(frame: Frame, **said: Any) -> ModelSpec:
    """Return the smallest spec of a set; `said` replaces parts of it."""
    least = {
        "model": frame.model,
        "decisions": {"relation": frame.model, "entity": "entity", "time": "decided_at", "features": features_of(frame)},
        "label": {"relation": frame.model, "column": "label", "known_at": "known_at", "horizon": "1 day"},
    }
    return ModelSpec.model_validate({**least, **said})


def features_of(frame: Frame) -> list[str]:
    """Return the features of a set that a model can take: no days, no moments."""
    return [name for name in frame.features if kind_of(frame.rows.schema.field(name).type) is not None]


def subject_of(frame: Frame, *, root: Path = Path("nowhere"), meta: dict[str, dict[str, Any]] | None = None, **said: Any) -> Subject:
    """Return LightGBM as it is by default, fitted to what comes before the last quarter of `frame`, with its promise on that.

    `meta` has what dbt's YAML says of columns, by name; `said` is of the spec.
    """
    spec = spec_of(frame, **said)
    columns = {name: {"description": "", **(meta or {}).get(name, {})} for name in features_of(frame)}
    facts = {"role": "published", "sound": True, "columns": columns, "meta": {}, "version": 0}
    catalog = Catalog(frame.as_of, "key", {frame.model: facts})
    material = material_of(frame, spec)
    fit = pa.array(material.split.fit)
    schema = infer(material.features.filter(fit), features_of(frame), model=spec.model, task=frame.task, label="label")
    levels = {place: schema.columns[place].categories for place in schema.categorical}
    rows = Rows(encode(schema, material.features), material.target, schema.names, schema.categorical, levels)
    aim = Aim(material.task, material.metric, spec.training.seed)
    fitted = LightGBM().fit(rows, material.split, aim=aim, said=spec.training.parameters)
    held = material.split.holdout
    answers = fitted.answers(rows.matrix[held])
    promised = promise(
        spec.model, 1, "offline", material.metric, material.times[held], material.target[held], answers,
        None if material.rule is None else material.rule[held], material.split.holdout_window, frame.as_of,
    )  # fmt: skip
    project = Project(root, Settings())
    return Subject(project, create_engine("sqlite://"), spec, 1, catalog, material, schema, fitted, answers, promised)


def material_of(frame: Frame, spec: ModelSpec) -> Material:
    """Return the material that a training of `spec` on `frame` has."""
    assert frame.fit is not None
    assert frame.holdout is not None
    times = frame.rows.column("decided_at").cast(pa.timestamp("us")).to_numpy()
    target = frame.rows.column("label").cast(pa.float64()).to_numpy()
    features = frame.rows.select(features_of(frame))
    fit, held = frame.fit, frame.holdout
    last = times[fit][int(fit.sum() * (1 - TAIL_SHARE))]
    end = times.max() + np.timedelta64(1, "us")
    first_held = times[held].min()
    split = Split(
        fit, held, fit & (times < last), fit & (times >= last), window(times.min(), first_held), window(first_held, end),
        window(last, first_held), int((~fit & ~held).sum()),
    )  # fmt: skip
    rule = rule_answers(features, spec.baseline.sql, "baseline.sql") if spec.baseline else None
    made = TrainingSet(
        spec.model, "hash", Pin("table", 0), "", frame.rows.num_rows, {}, {}, frame.as_of + timedelta(0), None,
        dict.fromkeys(features_of(frame), ""),
    )  # fmt: skip
    return Material(made, frame.rows, features, target, times, frame.task, metric_of(spec, frame.task), split, rule)
