"""`backtest`: history through the same training, as it was known at each moment; what it would have been worth.

At each moment a training set as of it is built and learnt from, as `train` does, and the decisions that followed are
answered with what was known at each of them. No later value can reach a moment: the frame is a function of it.
Learner and parameters are chosen once, at the first moment, from what was known then, and kept for the later ones: a search at
each would cost as much as all the rest, and one at the end would look ahead. How many steps a learner takes is chosen anew each time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.data import training_set
from shipworthy.errors import BadData
from shipworthy.evaluation.promise import promise
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.choosing import Chosen, choose
from shipworthy.flows.deciding import decision_of
from shipworthy.flows.fitting import fitted_on, refitted
from shipworthy.flows.material import Material, prepare
from shipworthy.flows.progress import Progress, silent
from shipworthy.gateways import lake
from shipworthy.logbook import read, write
from shipworthy.records import Promise, Window
from shipworthy.registry.encoding import encode
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model

WEEKS_AT_LEAST = 8


@dataclass(frozen=True, slots=True)
class Backtested:
    """The lines of a backtest, in the order of time; they are in the ledger of the version whose spec it is."""

    model: str
    version: int
    lines: tuple[Promise, ...]


def backtest(
    project: Project, book: Engine, name: str, as_of: datetime, *, every: timedelta = timedelta(weeks=4), since: datetime | None = None,
    number: int | None = None, progress: Progress = silent,
) -> Backtested:  # fmt: skip
    """Repeat the training of the model `name` every `every` from `since` to `as_of`, and keep each line in the ledger.

    The lines belong to version `number`, the newest if None, 0 before there is one. Without `since` the first
    moment leaves eight weeks of history to learn from.

    Raises:
        BadData: the history is too short for a single moment.
    """
    spec = model(project, name)
    catalog = catalogs.load(project)
    relations, pins = catalogs.relations(catalog, spec), catalogs.pins(catalog, spec)
    whole = prepare(project, spec, training_set.build(project.lake, spec, relations, as_of, pins=pins))
    version = number if number is not None else max((known.version for known in read.versions(book, name)), default=0)
    lines: list[Promise] = []
    chosen: Chosen | None = None
    moments = _moments(whole, every, since, as_of)
    for done, moment in enumerate(moments):
        progress(f"{name} as of {moment:%Y-%m-%d}", done, len(moments))
        span = Window(moment, min(moment + every, as_of))
        material = _as_known(project, spec, catalog, span.start, pins)
        chosen = chosen or choose(spec, catalog, material)
        lines.append(_line(spec, catalog, whole, material, chosen, span, version, now=as_of))
    write.promises(book, lines)
    progress(name, len(moments), len(moments))
    return Backtested(name, version, tuple(lines))


def _moments(whole: Material, every: timedelta, since: datetime | None, as_of: datetime) -> list[datetime]:
    earliest: datetime = whole.rows.column("decided_at")[0].as_py()
    first = since or earliest + timedelta(weeks=WEEKS_AT_LEAST)
    count = max(0, (as_of - first) // every)
    if not count:
        what = f"history from {earliest:%Y-%m-%d} to {as_of:%Y-%m-%d} leaves no moment to train at before a stretch of {every.days} days"
        raise BadData(
            where=f"backtest of {whole.made.model}", what=what, fix="take a later --as-of, an earlier --since, or a shorter --every"
        )
    return [as_of - every * step for step in range(count, 0, -1)]


def _as_known(project: Project, spec: ModelSpec, catalog: catalogs.Catalog, moment: datetime, pins: dict[str, lake.Pin]) -> Material:
    start = moment - spec.training.history if spec.training.history else None
    return prepare(project, spec, training_set.build(project.lake, spec, catalogs.relations(catalog, spec), moment, pins=pins, start=start))


def _line(
    spec: ModelSpec,
    catalog: catalogs.Catalog,
    whole: Material,
    material: Material,
    chosen: Chosen,
    span: Window,
    version: int,
    *,
    now: datetime,
) -> Promise:
    fitted, _ = fitted_on(spec, catalog, material, chosen)
    final, schema = refitted(spec, catalog, material, fitted)
    inside = (whole.times >= _naive(span.start)) & (whole.times < _naive(span.end))
    decision = decision_of(spec, catalog, material, fitted)
    answers = decision.meaning(final.answers(encode(schema, whole.features.filter(pa.array(inside)))))
    return promise(
        spec.model, version, "backtest", material.metric, times=whole.times[inside], truth=whole.target[inside], answers=answers,
        rule=None if whole.rule is None else whole.rule[inside], window=span, now=now, quantile=spec.evaluation.quantile,
    )  # fmt: skip


def _naive(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.replace(tzinfo=None), "us")
