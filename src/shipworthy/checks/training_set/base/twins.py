"""Rows of the holdout that have a twin among the fitted rows, and whether a model that remembers the twin is flattered."""

import math
from dataclasses import dataclass

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask, Numbers
from shipworthy.checks.training_set.base.sample import Places, places, thinned
from shipworthy.checks.training_set.base.values import NONE, Whole

MOST_PAIRS = 4_000
MOST_FIT = 12_000
LEAST_PAIRS = 30
LEAST_Z = 5.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places of rows of the holdout, and of the fitted row that each of them resembles; both of shape (k,)."""

    held: Places
    fitted: Places


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the labels of twins are beyond what their features say, -1 to 1, on how many pairs, and in standard errors."""

    value: float
    pairs: int
    z: float

    def gives_away(self, least: float) -> bool:
        """Return whether the label of the twin tells that of the row, by at least `least` and beyond five standard errors."""
        return self.value >= least and self.z > LEAST_Z

    def words(self) -> str:
        """Return it in words."""
        return f"labels of such twins agree by {self.value:.2f} (0 is chance, 1 the same) beyond what their features say"


def same(found: Whole, fit: Mask, holdout: Mask) -> Pairs:
    """Return each row of the holdout whose code is also among the fitted rows, with the last of these.

    >>> pairs = same(np.array([4, 5, 4, 6]), np.array([True, True, False, False]), np.array([False, False, True, True]))
    >>> pairs.held.tolist(), pairs.fitted.tolist()
    ([2], [0])
    """
    last = np.full(int(found.max(initial=NONE)) + 2, NONE, dtype=np.int64)
    fitted = np.flatnonzero(fit & (found != NONE))
    last[found[fitted]] = fitted
    held = np.flatnonzero(holdout & (found != NONE))
    twin = last[found[held]]
    return Pairs(held[twin != NONE], twin[twin != NONE])


def likeness(frame: Frame, learner: Learner, pairs: Pairs) -> Likeness | None:
    """Return how alike the labels of `pairs` are beyond what a quick model says of each; None with fewer than thirty pairs.

    It is the correlation of what a model that learnt from neither row leaves unexplained: 0 where both came about independently, 1 for
    two copies. Honest repeats of coarse columns have none, so an overlap of theirs gives nothing away. Looked at are at most 4,000 pairs.
    """
    chosen = places(len(pairs.held), MOST_PAIRS, frame.seed)
    held, fitted = pairs.held[chosen], pairs.fitted[chosen]
    if frame.fit is None or len(np.unique(fitted)) < LEAST_PAIRS:
        return None
    asked = np.union1d(held, fitted)
    others = np.setdiff1d(np.flatnonzero(frame.fit), asked)
    learnt = others[places(len(others), MOST_FIT, frame.seed)]
    if len(learnt) < LEAST_PAIRS:
        return None
    left = _unexplained(frame, learner, np.sort(np.concatenate([asked, learnt])), asked)
    first, then = left[np.searchsorted(asked, held)], left[np.searchsorted(asked, fitted)]
    value = _correlation(first, then)
    return Likeness(value, len(held), value * math.sqrt(len(np.unique(fitted)))) if value is not None else None


def _unexplained(frame: Frame, learner: Learner, kept: Places, asked: Places) -> Numbers:
    """Return label minus answer for the rows at the places `asked`, in order."""
    seen = thinned(frame, kept)
    mask = np.isin(kept, asked)
    left: Numbers = seen.label[mask] - learner(seen, ~mask, mask)
    return left


def _correlation(first: Numbers, then: Numbers) -> float | None:
    one, other = first - first.mean(), then - then.mean()
    spread = math.sqrt(float((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / spread if spread else None
