"""A model fitted to a real set, as studies are shown it."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.promise import promise
from shipworthy.flows.catalog import Catalog
from shipworthy.flows.material import Material
from shipworthy.flows.studies.base import Subject
from shipworthy.gateways.lake import Pin
from shipworthy.records import Window
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import infer
from shipworthy.spec.model import ModelSpec
from shipworthy.training.fitted import Fitted, Rows
from shipworthy.training.learners.base import Aim
from shipworthy.training.learners.lightgbm import LightGBM
from shipworthy.training.split import Split

SMALL = {"num_iterations": 100, "learning_rate": 0.1, "num_leaves": 15}


def split_of(frame: Frame) -> Split:
    """The split of a frame whose rows are decided one after the other: the last part of the fit is the tail."""
    assert frame.fit is not None
    assert frame.holdout is not None
    tail = np.flatnonzero(frame.fit)[int(frame.fit.sum() * 0.85)]
    behind = np.arange(len(frame.fit)) >= tail
    whole = Window(datetime(2024, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    together = np.arange(len(frame.fit), dtype=np.int64)
    return Split(
        fit=frame.fit, holdout=frame.holdout, learn=frame.fit & ~behind, tail=frame.fit & behind, fit_window=whole, holdout_window=whole,
        tail_window=whole, in_gap=0, by="random", together=together,
    )  # fmt: skip


def spec_of(frame: Frame, fairness: dict[str, Any] | None, features: list[str]) -> ModelSpec:
    """The spec of a model whose decisions are the rows of a frame."""
    said = {
        "model": frame.model, "task": frame.task,
        "decisions": {"relation": "people", "entity": "entity", "time": "decided_at", "features": features},
        "label": {"relation": "people", "column": "label", "known_at": "known_at", "horizon": "1 day"},
    }  # fmt: skip
    return ModelSpec.model_validate(said | ({"fairness": fairness} if fairness else {}))


def subject(frame: Frame, *, fairness: dict[str, Any] | None = None, without: tuple[str, ...] = ()) -> Subject:
    """A small LightGBM model fitted to a frame, some of its features left out; all of them stay columns of the decisions."""
    features = [name for name in frame.features if name not in without]
    spec, split, table = spec_of(frame, fairness, features), split_of(frame), frame.rows.select(features)
    made = TrainingSet(
        frame.model, "0" * 16, Pin("training_sets/x", 0), "", frame.rows.num_rows, {}, {}, frame.as_of, None, {},
    )  # fmt: skip
    metric = "log_loss" if frame.task == "binary" else "mae"
    material = Material(made, frame.rows, table, frame.label, frame.times, frame.task, metric, split, None)
    schema = infer(table.filter(pa.array(split.fit)), features, model=frame.model, task=frame.task, label="label")
    levels = {place: schema.columns[place].categories for place in schema.categorical}
    rows = Rows(encode(schema, table), frame.label, schema.names, schema.categorical, levels)
    fitted: Fitted = LightGBM().fit(rows, split, aim=Aim(frame.task, metric), said=SMALL)
    answers = fitted.answers(rows.matrix[split.holdout])
    held = split.holdout
    promised = promise(
        frame.model, 1, "offline", metric, times=frame.times[held], truth=frame.label[held], answers=answers, rule=None,
        window=split.holdout_window, now=frame.as_of,
    )  # fmt: skip
    columns = {name: {"sql_type": "varchar"} for name in frame.rows.column_names}
    people = {"role": "published", "sound": True, "meta": {"entity": ["entity"], "event_time": "decided_at"}, "columns": columns}
    return Subject(None, None, spec, 1, Catalog(frame.as_of, "", {"people": people}), material, schema, fitted, answers, promised)  # type: ignore[arg-type]
