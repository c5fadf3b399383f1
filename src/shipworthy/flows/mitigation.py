"""`fairness`: what could be done about groups that are treated differently, and what each way would cost. Nothing of it is deployed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.errors import BadSpec
from shipworthy.evaluation.fairness.disparity import Judged, Limit, judge
from shipworthy.evaluation.fairness.frame import disparities
from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.outcomes import Outcomes, judged_by, measured
from shipworthy.evaluation.fairness.rates import witnesses
from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import losses
from shipworthy.families import members
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.material import Material, prepare, rows_of, schema_of
from shipworthy.flows.mitigation_words import Column, Costed, in_words
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.sensitive import groups_of, sensitive_places, stated
from shipworthy.flows.studied import keep_of_model
from shipworthy.records import Chapter, Interval
from shipworthy.spec.fairness import Fairness
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.part import Metric
from shipworthy.spec.project import Project, model
from shipworthy.training import mitigations
from shipworthy.training.fitted import Rows
from shipworthy.training.mitigations.base import Decided, Mitigation, People, Task

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MOST_ROWS = 10_000  # that are learnt from, and that are decided about
PLAIN = "none"


def mitigation(project: Project, name: str, as_of: datetime, *, progress: Progress = silent) -> Chapter:
    """Return what could be done about the groups of the model `name`, beside what it costs, kept as `studies/MODEL/mitigation.json`.

    Every way learns from the same rows before the holdout, with the same small learner, and decides about the same rows of it.

    Raises:
        BadSpec: the spec states no sensitive column or no policy, or the model gives numbers, of which nothing is decided here.
        ShipworthyError: no such model, nothing built, data that cannot be learnt from.
    """
    spec, catalog = model(project, name), catalogs.load(project)
    _require_stated(spec, [place.name for place in sensitive_places(catalog, spec)])
    start = as_of - spec.training.history if spec.training.history else None
    relations, pins = catalogs.relations(catalog, spec), catalogs.pins(catalog, spec)
    material = prepare(project, spec, training_set.build(project.lake, spec, relations, as_of, pins=pins, start=start))
    if material.task != "binary":
        raise BadSpec(
            where=f"ml/{name}/model.yml: fairness",
            what="the model answers with numbers: mitigations are of yes or no",
            fix="state task: binary",
        )
    schema = schema_of(spec, catalog, material, material.features.filter(pa.array(material.split.fit)))
    chapter = compared(spec, material, rows_of(schema, material), groups_of(project, spec, catalog, material), progress)
    keep_of_model(project, name, chapter)
    return chapter


def compared(spec: ModelSpec, material: Material, rows: Rows, columns: Sequence[Groups], progress: Progress = silent) -> Chapter:
    """Return every mitigation beside nothing, for each of `columns`, groups of all rows: disparity, right decisions, the model's metric."""
    known: Mapping[str, Mitigation] = members(mitigations, Mitigation)  # type: ignore[type-abstract]
    order = [PLAIN, *(name for name in known if name != PLAIN)]
    found = []
    for groups in columns:
        bench = bench_of(spec, material, rows, groups)
        said: dict[str, Decided | None] = {}
        for done, name in enumerate(order):
            progress(f"{groups.column}: {name.replace('_', ' ')}", done, len(order))
            said[name] = known[name].decide(bench.task)
        plain = said[PLAIN]
        assert plain is not None
        costed = tuple(costed_by(bench, known[name], said[name], plain) for name in order)
        found.append(Column(groups.column, costed, disparities("binary", plain.good, bench.task.asked.good, bench.asked)))
    return in_words(spec, material.metric, found)


@dataclass(frozen=True, slots=True)
class Bench:
    """The same rows for every mitigation, and what they are measured by: `times` and `together` are of the rows that are decided about."""

    task: Task
    asked: Groups
    said: Fairness
    metric: Metric
    times: npt.NDArray[np.datetime64]
    together: Places | None


def bench_of(spec: ModelSpec, material: Material, rows: Rows, groups: Groups) -> Bench:
    """Return whom every mitigation learns from and decides about: at most 10,000 rows of either side of the split, evenly."""
    said, split = spec.fairness or Fairness(), material.split
    assert said.policy is not None
    fit, held = (_thinned(np.flatnonzero(mask)) for mask in (split.fit, split.holdout))
    good = rows.target if said.favourable else 1 - rows.target
    learn, asked = (People(rows.matrix[part], good[part], groups.codes[part]) for part in (fit, held))
    threshold = 0.5 if said.threshold is None else said.threshold
    task = Task(learn, asked, rows.categorical, said.policy, threshold if said.favourable else 1 - threshold, spec.training.seed)
    together = None if split.together is None else split.together[held]
    return Bench(task, groups.at(held), said, material.metric, material.times[held], together)


def costed_by(bench: Bench, way: Mitigation, decided: Decided | None, plain: Decided) -> Costed:
    """Return what a mitigation decided, measured beside the plain learner on the same rows; blanks where it could decide nothing."""
    if decided is None:
        return Costed(way.title, way.needs_group)
    right, other = (_right(one, bench.task.asked.good) for one in (decided, plain))
    cost = sure = None
    if decided.probability is not None and plain.probability is not None:
        lost, before = (losses(bench.metric, bench.task.asked.good, one) for one in (decided.probability, plain.probability))
        cost, sure = float((lost - before).mean()), _interval(bench, lost - before)
    return Costed(
        way.title, way.needs_group, _judged(bench, decided), float(right.mean()), _interval(bench, right - other), cost, sure
    )  # fmt: skip


def _judged(bench: Bench, decided: Decided) -> Judged:
    said = bench.said
    assert said.policy is not None
    metrics = measured(Outcomes("binary", decided.good, bench.task.asked.good, witnesses(bench.times, bench.together)), bench.asked)
    judged = {name: metrics[name] for name in judged_by(said.policy, "binary")}
    limit = Limit(said.least_ratio, said.most_difference)
    return judge(judged, bench.asked.names, limit, least=said.minimum_rows, reference=said.reference.get(bench.asked.column))


def _right(decided: Decided, good: Numbers) -> Numbers:
    right: Numbers = decided.good * good + (1 - decided.good) * (1 - good)
    return right


def _interval(bench: Bench, values: Numbers) -> Interval | None:
    return mean_interval(values, bench.times, together=bench.together)


def _require_stated(spec: ModelSpec, sensitive: Sequence[str]) -> None:
    said = stated(spec, sensitive)
    if said.outcome != "pass" or not sensitive:
        raise BadSpec(where=f"ml/{spec.model}/model.yml: fairness", what=said.words, fix=said.fix or "there is nothing to compare")


def _thinned(places: Places) -> Places:
    return places[:: -(-len(places) // MOST_ROWS) or 1]
