"""`check --feasibility`: whether more history would bring a model to its target, before anybody tunes it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.learning_curve import Outlook, outlook
from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.power import smallest_shown
from shipworthy.evaluation.resampling import blocks_of
from shipworthy.families import members
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.feasibility_words import Weighed, in_words
from shipworthy.flows.material import Material, aim_of, prepare, rows_of, schema_of
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.studied import keep_of_model
from shipworthy.records import Chapter
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model, models
from shipworthy.training import learners
from shipworthy.training.fitted import Fitted, Rows
from shipworthy.training.learners.base import Learner
from shipworthy.training.split import TAIL_SHARE, Split

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LEARNER = "lightgbm"
LEAST_ROWS = 300  # that a model learns from
SHRINK, MOST_SIZES = 1.6, 7
STARTS = 3  # stretches of each size but the largest, from different starting points
MANY_ROWS = 50_000  # beyond which one stretch of a size is enough: a fit takes seconds


@dataclass(frozen=True, slots=True)
class Stretch:
    """The numbers of the rows that one model learns from, in their order, and how many days they end before the holdout begins."""

    rows: Places
    age_days: float


def feasibility(project: Project, as_of: datetime, *, only: str | None = None, progress: Progress = silent) -> list[Chapter]:
    """Return for each model (or for `only`) what more history would bring it, and keep it as `studies/MODEL/feasibility.json`.

    Raises:
        ShipworthyError: no such model, nothing built, data that cannot be learnt from.
    """
    specs = [model(project, only)] if only else list(models(project).values())
    return [_one(project, spec, as_of, within(progress, spec.model)) for spec in specs]


def _one(project: Project, spec: ModelSpec, as_of: datetime, progress: Progress) -> Chapter:
    catalog = catalogs.load(project)
    made = training_set.build(
        project.lake, spec, catalogs.relations(catalog, spec), as_of, pins=catalogs.pins(catalog, spec),
        start=as_of - spec.training.history if spec.training.history else None,
    )  # fmt: skip
    material = prepare(project, spec, made)
    schema = schema_of(spec, catalog, material, material.features.filter(pa.array(material.split.fit)))
    chapter = in_words(spec, material, weighed(spec, material, rows_of(schema, material), progress))
    keep_of_model(project, spec.model, chapter)
    return chapter


def weighed(spec: ModelSpec, material: Material, rows: Rows, progress: Progress = silent) -> Weighed:
    """Return what models that learnt from different stretches of the history were worth on the holdout, and what follows from it.

    Args:
        spec: the model.
        material: its rows, split; the holdout judges every model, and no other row does.
        rows: all rows as a learner takes them.
        progress: told after each fit.
    """
    split, stretches = material.split, list(stretches_of(material.split, material.times))
    held, found = split.holdout, []
    for done, stretch in enumerate(stretches):
        progress("learning curve", done, len(stretches))
        answers = _fitted(spec, material, rows, stretch).answers(rows.matrix[held])
        found.append(losses(material.metric, material.target[held], answers, quantile=spec.evaluation.quantile))
    times, together = material.times[held], None if split.together is None else split.together[held]
    by_rule = (
        None
        if material.rule is None
        else losses(material.metric, material.target[held], material.rule[held], quantile=spec.evaluation.quantile)
    )
    target = _target(spec, material, by_rule)
    sizes, ages = [len(stretch.rows) for stretch in stretches], [stretch.age_days for stretch in stretches]
    told: Outlook | None = None
    if found and target is not None:
        told = outlook(sizes, ages, np.column_stack(found), blocks_of(times, together), target)
    rule, sure, shown = None, None, None
    if by_rule is not None:
        rule, sure = float(by_rule.mean()), mean_interval(by_rule, times, together=together)
        shown = smallest_shown(found[0] - by_rule, times, together=together) if found else None
    values = [float(one.mean()) for one in found]
    return Weighed(sizes, ages, values, int(split.fit.sum()), target, told, rule, sure, shown)


def stretches_of(split: Split, times: npt.NDArray[np.datetime64]) -> Iterator[Stretch]:
    """Yield the stretches to learn from: all of the fitted rows first, then ever fewer, from several starting points each.

    The last stretch of a size always ends where the holdout begins. Where rows were drawn rather than ordered, so are the stretches:
    whole groups in an order by chance, and none is older than another.
    """
    order = _ordered(split, times)
    size = len(order)
    for turn in range(MOST_SIZES):
        if size < LEAST_ROWS:
            return
        starts = 1 if not turn or size > MANY_ROWS else STARTS
        for start in np.unique(np.linspace(len(order) - size, 0, starts).astype(int))[::-1]:
            rows = order[start : start + size]
            yield Stretch(rows, _age(split, times, order, rows))
        size = int(size / SHRINK)


def _ordered(split: Split, times: npt.NDArray[np.datetime64]) -> Places:
    rows = np.flatnonzero(split.fit)
    if split.ordered:
        return rows[np.argsort(times[rows], kind="stable")]
    together = rows if split.together is None else split.together[rows]
    place = np.random.default_rng(0).permutation(int(together.max()) + 1)[together]
    return rows[np.argsort(place, kind="stable")]


def _age(split: Split, times: npt.NDArray[np.datetime64], order: Places, rows: Places) -> float:
    if not split.ordered:
        return 0.0
    return float((times[order[-1]] - times[rows[-1]]) / np.timedelta64(1, "D"))


def _fitted(spec: ModelSpec, material: Material, rows: Rows, stretch: Stretch) -> Fitted:
    learner = members(learners, Learner)[LEARNER]  # type: ignore[type-abstract]
    return learner.fit(rows, _narrowed(material, stretch), aim=aim_of(spec, material), said=spec.training.said_to(LEARNER))


def _narrowed(material: Material, stretch: Stretch) -> Split:
    """Return the split in which only a stretch is learnt from: its last 15 % are the tail, with the gap of the split before it."""
    split, times = material.split, material.times
    cut = int(len(stretch.rows) * (1 - TAIL_SHARE))
    tail, learn = stretch.rows[cut:], stretch.rows[:cut]
    if split.ordered:
        gap: timedelta = split.holdout_window.start - split.fit_window.end
        before = learn[times[learn] < times[tail[0]] - np.timedelta64(gap)]
        learn = before if len(before) >= LEAST_ROWS // 2 else learn
    masks = [np.isin(np.arange(len(times)), places) for places in (stretch.rows, learn, tail)]
    return replace(split, fit=masks[0], learn=masks[1], tail=masks[2])


def _target(spec: ModelSpec, material: Material, by_rule: Numbers | None) -> float | None:
    """Return the loss to reach: the brief's if it is in the metric that is measured, else the rule's; None without either."""
    said = spec.brief.target
    if said is not None and said.metric == material.metric:
        return said.at_most
    return None if by_rule is None else float(by_rule.mean())
