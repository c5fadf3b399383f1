"""How a fitted model treats the groups of each sensitive column: rates, what the policy says of them, proxies, what its answers hang on.

Loads scikit-learn, which takes seconds: only a model that has sensitive columns comes here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.fairness.dependence import MOST_CELLS, Compressed, Hold, compressed, holds, swapped
from shipworthy.evaluation.fairness.disparity import Judged, Limit, judge
from shipworthy.evaluation.fairness.groups import Groups, crossed
from shipworthy.evaluation.fairness.outcomes import Outcomes, judged_by, measured, outcomes, usual_threshold
from shipworthy.evaluation.fairness.proxies import Told, each_alone, told
from shipworthy.evaluation.fairness.rates import Spread, witnesses
from shipworthy.flows.studies.base import Subject
from shipworthy.registry.encoding import encode
from shipworthy.spec.fairness import Fairness
from shipworthy.training.fitted import Rows
from shipworthy.training.quick import quick_answers

Numbers = npt.NDArray[np.float64]

MOST_ROWS = 4000  # that proxies are learnt from, and that they are told by
MOST_TOLD = 4  # groups of a column, the largest first, of which it is asked how well inputs tell them


@dataclass(frozen=True, slots=True)
class Compared:
    """The groups of one column, or of two together, in the holdout; `judged` is None without a policy that fits the task."""

    groups: Groups
    metrics: Mapping[str, Sequence[Spread]]
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Traced:
    """What tells the group of one column, and what it does to the answers.

    `joint` is how well the other inputs tell it together, None where that is not known; `alone` how well each does, the best first.
    `swapped` is the share of decisions that change (the mean change of an answer, for a regression) where a person's own value is taken
    from somebody of another group; None where the column is no input.
    """

    column: str
    joint: Told | None
    alone: tuple[Told, ...]
    holds: tuple[Hold, ...]
    swapped: float | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """All that was found out; `threshold` is None for a regression, `chosen` says that nobody stated it."""

    threshold: float | None
    chosen: bool
    compared: tuple[Compared, ...]
    together: tuple[Compared, ...]
    traced: tuple[Traced, ...]
    compressed: Compressed
    rows: int


def assess(subject: Subject, columns: Sequence[Groups]) -> Assessed:
    """Return how the model of `subject` treats the groups of `columns`, which are of all rows of its material."""
    said = subject.spec.fairness or Fairness()
    held = subject.material.split.holdout
    threshold, chosen = threshold_of(subject)
    seen = outcomes(
        subject.material.task, subject.answers, subject.truth, witnesses(subject.times, subject.together),
        threshold=threshold or 0.5, favourable=said.favourable,
    )  # fmt: skip
    here = [groups.at(held) for groups in columns]
    pairs = [crossed(one, other) for one, other in combinations(here, 2)]
    compared = _judged([_compared(seen, groups) for groups in [*here, *pairs]], subject, said)
    matrix = encode(subject.schema, subject.material.features)
    traced = [_traced(subject, matrix, groups, threshold, len(columns)) for groups in columns]
    part = _thinned(np.flatnonzero(held))
    small = compressed(matrix[part], subject.answers[np.searchsorted(np.flatnonzero(held), part)], subject.schema.names, seed=7)
    return Assessed(threshold, chosen, tuple(compared[: len(here)]), tuple(compared[len(here) :]), tuple(traced), small, int(held.sum()))


def threshold_of(subject: Subject) -> tuple[float | None, bool]:
    """Return the probability from which the decision is 1 and whether it was chosen here; None for a regression.

    It is `fairness.threshold`, else what the stated costs set, else the usual one.
    """
    if subject.material.task == "regression":
        return None, False
    said = subject.spec.fairness.threshold if subject.spec.fairness else None
    stated = subject.decision.threshold if said is None else said
    base = float(subject.material.target[subject.material.split.fit].mean())
    return (stated, False) if stated is not None else (usual_threshold(subject.answers, base), True)


def _compared(seen: Outcomes, groups: Groups) -> Compared:
    return Compared(groups, measured(seen, groups), None)


def _judged(compared: Sequence[Compared], subject: Subject, said: Fairness) -> list[Compared]:
    """Return the same with what the policy says: at a level that holds over all pairs of groups of all columns."""
    metrics = judged_by(said.policy, subject.material.task) if said.policy else ()
    if not metrics:
        return list(compared)
    limit = Limit(said.least_ratio, said.most_difference)
    asked = [{name: one.metrics[name] for name in metrics} for one in compared]
    pairs = sum(_pairs(found, said) for one in asked for found in one.values())
    return [
        replace(
            one,
            judged=judge(
                found, one.groups.names, limit, least=said.minimum_rows, reference=said.reference.get(one.groups.column), compared=pairs
            ),
        )
        for one, found in zip(compared, asked, strict=True)
    ]


def _pairs(found: Sequence[Spread], said: Fairness) -> int:
    judged = sum(one.rows >= said.minimum_rows for one in found)
    return judged * (judged - 1) // 2


def _traced(subject: Subject, matrix: Numbers, groups: Groups, threshold: float | None, columns: int) -> Traced:
    split, names, seed = subject.material.split, list(subject.schema.names), subject.spec.training.seed
    fit, asked = (_thinned(np.flatnonzero(mask)) for mask in (split.fit, split.holdout))
    others = [place for place, name in enumerate(names) if name != groups.column]
    joint, alone = _tellers(subject, matrix, groups, others, fit, asked)
    decide = _decide(threshold)
    held = holds(
        matrix[asked], names, groups.codes[asked], subject.meant, decide, seed=seed, most_rows=MOST_CELLS // columns
    )  # fmt: skip
    moved = _swapped(subject, matrix[asked], names.index(groups.column), groups.codes[asked], decide) if groups.column in names else None
    return Traced(groups.column, joint, tuple(alone), tuple(held), moved)


def _tellers(
    subject: Subject, matrix: Numbers, groups: Groups, others: Sequence[int], fit: npt.NDArray[np.int64], asked: npt.NDArray[np.int64]
) -> tuple[Told | None, list[Told]]:
    """Return how well the other inputs tell a group, of the one that is told best: together, and each alone."""
    names = [subject.schema.names[place] for place in others]
    categorical = [spot for spot, place in enumerate(others) if place in subject.schema.categorical]
    rows, best = np.concatenate([fit, asked]), (None, [])  # type: tuple[npt.NDArray[np.int64], tuple[Told | None, list[Told]]]
    part, learn = matrix[rows][:, list(others)], np.arange(len(rows)) < len(fit)
    for code in _largest(groups, asked):
        member = groups.codes[rows] == code
        said = quick_answers(
            Rows(part, member.astype(np.float64), names, categorical), learn, ~learn, task="binary", seed=subject.spec.training.seed
        )
        joint = told(groups.names[code], member[~learn], said)
        if joint and (best[0] is None or joint.auc > best[0].auc):
            best = joint, each_alone(part, names, categorical, member, np.flatnonzero(learn), np.flatnonzero(~learn))
    return best


def _largest(groups: Groups, asked: npt.NDArray[np.int64]) -> list[int]:
    """Return the groups of which it is asked how well they are told: one of two, else the largest."""
    counts = np.bincount(groups.codes[asked], minlength=len(groups.names))
    order = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code]]
    return order[:1] if len(order) == 2 else order[:MOST_TOLD] if len(order) > 1 else []


def _swapped(
    subject: Subject, part: Numbers, place: int, codes: npt.NDArray[np.int64], decide: Callable[[Numbers], Numbers] | None
) -> float | None:
    if len(np.unique(codes)) < 2:
        return None
    before, after = (subject.meant(one) for one in (part, swapped(part, place, codes, seed=subject.spec.training.seed)))
    return float(np.mean(np.abs(after - before) if decide is None else decide(after) != decide(before)))


def _decide(threshold: float | None) -> Callable[[Numbers], Numbers] | None:
    return None if threshold is None else lambda answers: (answers >= threshold).astype(np.float64)


def _thinned(places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return at most 4,000 of `places`, evenly."""
    return places[:: -(-len(places) // MOST_ROWS) or 1]
