"""How a model does on parts of the rows: those that somebody named, and those where it is surely worse than elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.resampling import LEAST_BLOCKS, Blocks, Codes, Times, blocks_of
from shipworthy.evaluation.slicing import Mask, Part
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]

LEAST_ROWS = 50
FALSE_SHARE = 0.05  # of what is reported as worse, at most so much by chance
MATTERS = 0.1  # share of the whole loss by which a discovered part must be worse
MOST_TRIED = 10  # parts of the one half that are measured on the other


@dataclass(frozen=True, slots=True)
class Sliced:
    """The model on one part: `loss` and its interval, the `rule`'s on the same rows, `difference` model minus rule; None is not known.

    `worse` says whether it is surely worse than the rule there, with the number of parts counted in; None where that cannot be told.
    """

    part: Part
    rows: int
    loss: float
    interval: Interval | None
    rule: float | None
    difference: Interval | None
    worse: bool | None


@dataclass(frozen=True, slots=True)
class Found:
    """A part on which the model is surely worse than elsewhere: mean losses there and elsewhere on rows that did not find it."""

    part: Part
    rows: int
    loss: float
    elsewhere: float
    p_value: float


def declared(
    parts: Sequence[Part], losses: Numbers, rule: Numbers | None, times: Times, *, together: Codes | None = None, level: float = 0.95
) -> list[Sliced]:
    """Return how the model does on each of `parts`, which somebody named; of those without rows nothing is known and they are left out.

    Args:
        parts: by what is sliced.
        losses: the model's loss of each row, shape (n,).
        rule: the rule's, shape (n,); None where there is none.
        times: decision times, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        level: of the intervals.

    Source: Benjamini and Hochberg (1995) for the number of parts; one-sided t of block sums, at a false discovery rate of 5 %.
    """
    kept = [part for part in parts if part.rows.any()]
    chances = [None if rule is None else _chance_of_mean((losses - rule)[part.rows], times, together, part.rows) for part in kept]
    surely = dict(
        zip([place for place, one in enumerate(chances) if one is not None], _surely([p for p in chances if p is not None]), strict=True)
    )
    found = []
    for place, part in enumerate(kept):
        inside, group = part.rows, None if together is None else together[part.rows]
        own = losses[inside]
        apart = None if rule is None else mean_interval(own - rule[inside], times[inside], together=group, level=level)
        theirs = None if rule is None else float(rule[inside].mean())
        sure = mean_interval(own, times[inside], together=group, level=level)
        found.append(Sliced(part, int(inside.sum()), float(own.mean()), sure, theirs, apart, surely.get(place)))
    return found


def discovered(parts: Sequence[Part], losses: Numbers, times: Times, *, together: Codes | None = None) -> list[Found]:
    """Return the parts on which the model is surely worse than elsewhere, the worst first; none of fewer than 50 rows in each half.

    Every second run of days, or half of the groups, looks for parts whose loss is more than a tenth of the whole above that
    elsewhere; the ten that stand out most are measured on the other half alone. What is reported there is at most one time in
    twenty due to chance. Two parts that are nearly the same rows are reported once.

    Args:
        parts: by what rows can be told apart.
        losses: the model's loss of each row, shape (n,).
        times: decision times, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.

    Source: Cox (1975), A note on data-splitting for the evaluation of significance levels; Benjamini and Hochberg (1995).
    """
    blocks = blocks_of(times, together)
    first = (blocks.of // blocks.length) % 2 == 0
    if not len(losses) or losses.mean() <= 0:
        return []
    least = MATTERS * losses.mean()
    tried = sorted((one for part in parts if (one := _stands_out(part, losses, blocks, first, least))), key=lambda one: one.p_value)
    distinct: list[Found] = []
    for one in tried:
        if len(distinct) < MOST_TRIED and not any(_alike(one.part.rows, other.part.rows) for other in distinct):
            distinct.append(one)
    again = [(one, _apart(one.part, losses, blocks, ~first)) for one in distinct]
    told = [found for _, found in again if found is not None]
    sure = _surely([one.p_value for one in told])
    kept = [one for one, surely in zip(told, sure, strict=True) if surely and one.loss - one.elsewhere >= least]
    return sorted(kept, key=lambda one: one.elsewhere - one.loss)


def _stands_out(part: Part, losses: Numbers, blocks: Blocks, half: Mask, least: float) -> Found | None:
    found = _apart(part, losses, blocks, half)
    return found if found is not None and found.loss - found.elsewhere >= least and found.p_value < FALSE_SHARE else None


def _apart(part: Part, losses: Numbers, blocks: Blocks, half: Mask) -> Found | None:
    """Return how much worse the model is on `part` than elsewhere, on the rows of `half`; None where there are too few."""
    inside, outside = half & part.rows, half & ~part.rows
    rows, others = int(inside.sum()), int(outside.sum())
    if min(rows, others) < LEAST_ROWS:
        return None
    loss, elsewhere = float(losses[inside].mean()), float(losses[outside].mean())
    moved = np.where(inside, (losses - loss) / rows, 0.0) - np.where(outside, (losses - elsewhere) / others, 0.0)
    p_value = _chance(loss - elsewhere, moved[half], blocks.of[half])
    return None if p_value is None else Found(part, rows, loss, elsewhere, p_value)


def _chance_of_mean(values: Numbers, times: Times, together: Codes | None, rows: Mask) -> float | None:
    """Return how likely a mean as high as that of `values` is by chance; None for fewer than 50 rows or 5 blocks."""
    if len(values) < LEAST_ROWS or not bool(np.isfinite(values).all()):
        return None
    blocks = blocks_of(times[rows], None if together is None else together[rows])
    mean = float(values.mean())
    return _chance(mean, (values - mean) / len(values), blocks.of // blocks.length)


def _chance(value: float, moved: Numbers, unit: Codes) -> float | None:
    """Return the one-sided p-value of `value`, which each row moves by so much; None for fewer than 5 units, days or groups."""
    sums = np.bincount(unit, weights=moved)[np.bincount(unit) > 0]
    if len(sums) < LEAST_BLOCKS:
        return None
    error = float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)))
    return float(stats.t.sf(value / error, len(sums) - 1)) if error > 0 else float(value <= 0)


def _surely(chances: Sequence[float]) -> list[bool]:
    """Return which of several findings stand, in their order, so that at most one in twenty of those is due to chance."""
    return [bool(p <= FALSE_SHARE) for p in stats.false_discovery_control(chances, method="bh")] if chances else []


def _alike(one: Mask, other: Mask) -> bool:
    return bool((one & other).sum() > 0.8 * (one | other).sum())
