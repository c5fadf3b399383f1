"""`explain`: one prediction from raw rows to action: what each value is and where it is from, what it adds, what the rule says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.data.given import TIME, retrieve
from shipworthy.data.one_decision import one_decision
from shipworthy.data.parts import Part, parts
from shipworthy.errors import ShipworthyError
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.versions import chosen
from shipworthy.gateways.trust import trust_of
from shipworthy.registry.encoding import encode
from shipworthy.registry.explaining.explained import Scale
from shipworthy.registry.explaining.explainer import explainer_of
from shipworthy.registry.explaining.reasons import Reason, reasons
from shipworthy.registry.package import Package, load
from shipworthy.registry.reply import replies
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model
from shipworthy.training.baseline import rule_answers, rule_classes


@dataclass(frozen=True, slots=True)
class Origin:
    """The row of a relation that features are of: by which keys it was found, when it happened and became known.

    `found` is False where there was none, or none young enough: its features are then null. A static relation has no times.
    """

    relation: str
    keys: Mapping[str, Any]
    features: tuple[str, ...]
    found: bool
    event_time: datetime | None
    known_time: datetime | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One prediction from raw rows to action.

    `base` and the contributions of `reasons` add up to `total` on `scale`; `answer` is what the version says in the end,
    calibrated where it is. `rule` is what the rule answers, None without one. `acted_on` says whether the answer reaches
    the threshold; None where none is stated. Of several classes `class_` is the most probable, and `answer` its probability. `decision`
    is the action, in the brief's words.
    """

    model: str
    version: int
    entity: str
    decided_at: datetime
    answer: float
    unit: str | None
    scale: Scale
    base: float
    total: float
    reasons: tuple[Reason, ...]
    origins: tuple[Origin, ...]
    rule: float | str | None
    rule_words: str | None
    threshold: float | None
    acted_on: bool | None
    decision: str | None
    class_: str | None = None


def explain(project: Project, book: Engine, name: str, entity: str, at: datetime, *, number: int | None = None) -> Explained:
    """Return the prediction of the model `name` for the last decision about `entity` at or before `at`, taken apart.

    Features are those known at the decision, out of the lake as it is now. Version `number` answers; the champion if None, else the newest.

    Raises:
        UnknownName: no such model or version.
        BadData: no such decision.
        ShipworthyError: nothing is built; the version cannot be explained.
    """
    spec, catalog = model(project, name), catalogs.load(project)
    relations, pins = catalogs.relations(catalog, spec), catalogs.pins(catalog, spec)
    version = chosen(book, name, number)
    package = load(project.state / version.artifact, trust=trust_of(project))
    decided = one_decision(project.lake, spec, relations, entity, at, pins=pins)
    moment: datetime = decided.column(TIME)[0].as_py()
    given = retrieve(project.lake, spec, relations, decided, max(at, moment), pins=pins)
    both = {name: decided.column(name) for name in spec.decisions.features} | {name: given.column(name) for name in given.column_names}
    frame = pa.table(both)
    origins = tuple(_origin(part, decided, given) for part in parts(spec, relations))
    return _explained(spec, package, frame, entity, moment, origins)


def _origin(part: Part, decided: pa.Table, given: pa.Table) -> Origin:
    found, event, known = (given[f"{part.alias} {column}"][0].as_py() for column in ("found", "event_time", "known_time"))
    keys = {key: decided.column(key)[0].as_py() for key in part.keys}
    return Origin(part.relation.name, keys, tuple(part.columns), bool(found), event, known)


def _explained(spec: ModelSpec, package: Package, frame: pa.Table, entity: str, moment: datetime, origins: Sequence[Origin]) -> Explained:
    explainer = explainer_of(package)
    if explainer is None:
        what = "holds no rows to compare with, and its kind of model needs them"
        raise ShipworthyError(where=f"{spec.model}@{package.manifest.version}", what=what, fix=f"shipworthy train {spec.model}")
    found = explainer.explain(encode(package.schema, frame))
    inputs = frame.select(list(package.schema.names)).to_pylist()[0]
    why = reasons(package.schema, inputs, found.contributions[0], found.scale)
    (said,), threshold = replies(package.schema, package.predict_table(frame).tolist()), package.decision.threshold
    return Explained(
        spec.model, package.manifest.version, entity, moment, said.answer, package.schema.unit, found.scale, float(found.bases[0]),
        float(found.answers[0]), tuple(why), tuple(origins), _rule(spec, frame, package.schema.classes),
        (spec.baseline.words or spec.baseline.sql) if spec.baseline else None, threshold,
        None if threshold is None else said.answer >= threshold, spec.brief.decision, said.class_,
    )  # fmt: skip


def _rule(spec: ModelSpec, frame: pa.Table, classes: tuple[str, ...]) -> float | str | None:
    if spec.baseline is None:
        return None
    sql, where = spec.baseline.sql, f"ml/{spec.model}/model.yml: baseline.sql"
    told = rule_classes(frame, sql, classes, where, every_row=False) if classes else rule_answers(frame, sql, where, every_row=False)
    if not np.isfinite(told[0]):
        return None
    return classes[int(told[0])] if classes else float(told[0])
