"""Which inputs tell a person's group although nobody gave it to the model."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

BINS = 20
TELLS = 0.6  # a lower end of the AUC beyond which an input is named: 0.5 is chance


@dataclass(frozen=True, slots=True)
class Told:
    """How well something tells a group: the AUC, 0.5 is not at all, and where it lies."""

    name: str
    auc: float
    interval: Interval


def told(name: str, is_member: Mask, scores: Numbers, *, level: float = 0.95) -> Told | None:
    """Return how well `scores` tell who is a member, shape (n,) each; None where all are, or none.

    Source:
        The interval: DeLong et al. (1988), from the placements of each row among those of the other side.

    >>> told("sex", np.array([True, True, False, False]), np.array([0.9, 0.4, 0.5, 0.1])).auc
    0.75
    """
    members, others = scores[is_member], scores[~is_member]
    if not len(members) or not len(others):
        return None
    ranks = stats.rankdata(np.concatenate([members, others]))
    above = (ranks[: len(members)] - stats.rankdata(members)) / len(others)
    below = 1 - (ranks[len(members) :] - stats.rankdata(others)) / len(members)
    value = float(above.mean())
    error = math.sqrt(sum(float(part.var(ddof=1)) / len(part) for part in (above, below) if len(part) > 1))
    reach = error * float(stats.norm.ppf((1 + level) / 2))
    return Told(name, value, Interval(max(0.0, value - reach), min(1.0, value + reach), level))


def each_alone(
    matrix: Numbers, names: Sequence[str], categorical: Collection[int], is_member: Mask, fit: Places, asked: Places
) -> list[Told]:
    """Return how well each input alone tells who is a member, the best first.

    Of each level, or of each of 20 ranges of a number, the share of members is learnt from the rows `fit`; the rows `asked` are told by it.

    Args:
        matrix: shape (n, k), NaN is missing and a level of its own.
        names: of the k inputs.
        categorical: the places of those that hold codes.
        is_member: shape (n,).
        fit: numbers of the rows to learn from.
        asked: numbers of the rows to be told.
    """
    found = [
        told(name, is_member[asked], _shares(matrix[:, place], is_member, fit, is_code=place in categorical)[asked])
        for place, name in enumerate(names)
    ]
    return sorted((one for one in found if one), key=lambda one: (-one.auc, one.name))


def proxies(alone: Sequence[Told]) -> list[Told]:
    """Return those that tell it surely better than an AUC of 0.6."""
    return [one for one in alone if one.interval.low > TELLS]


def _shares(values: Numbers, is_member: Mask, fit: Places, *, is_code: bool) -> Numbers:
    """Return for each row the share of members among the fitted rows of its level or range, drawn to the mean where they are few."""
    known = values[fit][~np.isnan(values[fit])]
    if is_code or not len(known):
        level = np.where(np.isnan(values), -1, values)
    else:
        level = np.searchsorted(np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])), values).astype(np.float64)
        level[np.isnan(values)] = -1
    levels, place = np.unique(level, return_inverse=True)
    counts = np.bincount(place[fit], minlength=len(levels))
    members = np.bincount(place[fit], weights=is_member[fit].astype(np.float64), minlength=len(levels))
    shares: Numbers = ((members + is_member[fit].mean()) / (counts + 1))[place]
    return shares
