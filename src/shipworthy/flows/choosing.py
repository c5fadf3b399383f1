"""Chooses learner and parameters on folds of the fitted rows; the holdout has no part in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import losses
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.candidates import learners_of
from shipworthy.flows.material import Material, aim_of, schema_of
from shipworthy.flows.progress import Progress, silent
from shipworthy.registry.encoding import encode
from shipworthy.spec.model import ModelSpec
from shipworthy.training.fitted import Rows
from shipworthy.training.folds import Folds, Way, folds
from shipworthy.training.learners.base import Learner
from shipworthy.training.parameters import Value
from shipworthy.training.scoring import Fold, Loss, cut, kept, out_of_fold
from shipworthy.training.search import Budget, Searched, search
from shipworthy.training.selection import Candidate, Compared, Selection, beside, selected
from shipworthy.training.split import Split

MOST_FIT, MOST_ASKED = 40_000, 20_000  # rows of one fold
RULE = "rule"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who learns, with which parameters, and how that was found.

    `selection` is None where nothing was compared: one candidate without a search, or too few rows. `rule` is the chosen candidate beside
    the rule on the same rows; None without either. `folds` and `rows` are how many folds and asked rows it was, `words` what of the
    folds was not as asked for.
    """

    learner: str
    parameters: Mapping[str, Value]
    selection: Selection | None = None
    searches: Mapping[str, Searched] = field(default_factory=dict)
    rule: Compared | None = None
    rule_loss: float | None = None
    folds: int = 0
    rows: int = 0
    words: tuple[str, ...] = ()


def choose(
    spec: ModelSpec, catalog: catalogs.Catalog, material: Material, progress: Progress = silent, *, trials: Mapping[str, int] | None = None
) -> Chosen:
    """Return the simplest of the spec's candidates that is not surely worse than the best, each with the best parameters found for it.

    Nothing is compared where there is one candidate and no search. Where not even one fold can be made, the most
    powerful candidate is taken as it stands, and that is said. `trials` is how many each learner had where a search is made again: a
    budget in minutes would end it elsewhere. None where the spec's budget counts.

    Raises:
        UnknownName: a candidate is no learner; with the nearest.
        BadSpec: a parameter that a learner refuses.
    """
    learners, said = learners_of(spec, own=material.code is not None), spec.training
    if len(learners) == 1 and not said.search.trials:
        (only,) = learners
        return Chosen(only, said.said_to(only))
    cutting = folds_of(spec, material)
    made = [fold(spec, catalog, material, one) for one in cutting.splits]
    if not made:
        last = list(learners)[-1]
        return Chosen(last, said.said_to(last), words=cutting.words)
    asked = Budget(said.search.trials, said.search.minutes)
    budgets = {name: asked if trials is None else Budget(trials.get(name, 0), None) for name in learners}
    searches = {name: _searched(spec, material, one, made, budgets[name], progress) for name, one in learners.items()}
    candidates = [_candidate(spec, material, one, made, searches[name], progress) for name, one in learners.items()]
    return _kept(spec, material, made, candidates, searches, (*cutting.words, *_sampled(cutting, made)))


def folds_of(spec: ModelSpec, material: Material) -> Folds:
    """Return the folds inside the fitted rows of `material`, cut as `evaluation` says."""
    said = spec.evaluation
    gap = said.gap or spec.label.horizon
    way = Way(said.folds, said.window, said.holdout, gap, spec.training.seed, material.groups)
    return folds(material.split, material.times, material.target, way, stratify=material.task != "regression")


def fold(spec: ModelSpec, catalog: catalogs.Catalog, material: Material, split: Split) -> Fold:
    """Return one fold of at most 40,000 fitted and 20,000 asked rows, encoded by the schema that its own fitted rows give."""
    places = kept(split, MOST_FIT, MOST_ASKED, spec.training.seed)
    own, features = cut(split, places), material.features.filter(pa.array(places))
    schema = schema_of(spec, catalog, material, features.filter(pa.array(own.fit)))
    levels = {place: schema.columns[place].categories for place in schema.categorical}
    rows = Rows(encode(schema, features), material.target[places], schema.names, schema.categorical, levels)
    return Fold(rows, own, places)


def _searched(spec: ModelSpec, material: Material, learner: Learner, made: list[Fold], budget: Budget, progress: Progress) -> Searched:
    return search(
        learner, made, aim=aim_of(spec, material), said=spec.training.said_to(learner.name), loss=_loss(spec, material),
        budget=budget, heard=lambda done, total: progress(f"search {learner.name}", done, total),
    )  # fmt: skip


def _loss(spec: ModelSpec, material: Material) -> Loss:
    return partial(losses, material.metric, quantile=spec.evaluation.quantile)


def _candidate(spec: ModelSpec, material: Material, learner: Learner, made: list[Fold], found: Searched, progress: Progress) -> Candidate:
    """Return what the learner loses with its best parameters, with several seeds where it depends on chance."""
    aim, loss = aim_of(spec, material), _loss(spec, material)
    seeds = spec.training.seeds if learner.random else 1
    lost = []
    for more in range(seeds):
        progress(f"compare {learner.name}", more, seeds)
        known = found.losses if more == 0 else None
        again = replace(aim, seed=aim.seed + more)
        lost.append(known if known is not None else np.concatenate(
            list(out_of_fold(learner, made, aim=again, said=found.parameters, loss=loss))
        ))  # fmt: skip
    return Candidate(learner.name, learner.complexity, tuple(lost))


def _kept(
    spec: ModelSpec,
    material: Material,
    made: list[Fold],
    candidates: list[Candidate],
    searches: Mapping[str, Searched],
    words: tuple[str, ...],
) -> Chosen:
    asked = np.concatenate([one.asked for one in made])
    together = None if material.split.together is None else material.split.together[asked]
    between = partial(mean_interval, times=material.times[asked], together=together)
    selection = selected(candidates, between)
    chosen = next(one for one in candidates if one.name == selection.kept)
    rule = _rule(spec, material, asked)
    return Chosen(
        chosen.name, searches[chosen.name].parameters, selection, searches, None if rule is None else beside(chosen, rule, between),
        None if rule is None else rule.loss, len(made), len(asked), words,
    )  # fmt: skip


def _rule(spec: ModelSpec, material: Material, asked: npt.NDArray[np.int64]) -> Candidate | None:
    if material.rule is None:
        return None
    return Candidate(RULE, 0, (_loss(spec, material)(material.target[asked], material.rule[asked]),))


def _sampled(cutting: Folds, made: list[Fold]) -> list[str]:
    all_ = sum(int(one.fit.sum() + one.holdout.sum()) for one in cutting.splits)
    seen = sum(int(one.places.sum()) for one in made)
    return [f"The folds hold {seen:,} of {all_:,} rows, drawn at random: enough to compare, and quick."] if seen < all_ else []
