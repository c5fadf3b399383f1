"""What is drawn again to learn how sure a number is: days, or groups, and how often each of them comes in each draw."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]
Codes = npt.NDArray[np.int64]

LEAST_BLOCKS = 5
LOTS = 200
DRAWS = 4000
SEED = 20130101


@dataclass(frozen=True, slots=True)
class Blocks:
    """Which rows stand or fall together: `of` has the block of each row, shape (n,), from 0; `length` of them are drawn in a run."""

    of: Codes
    count: int
    length: int

    @property
    def enough(self) -> bool:
        """Whether there are blocks enough to tell anything: five."""
        return self.count >= LEAST_BLOCKS

    def sums(self, values: Numbers) -> Numbers:
        """Return the sums of `values`, shape (n, k), in each block, shape (blocks, k)."""
        return np.stack([np.bincount(self.of, weights=column, minlength=self.count) for column in values.T], axis=1)

    def draws(self, most: int = DRAWS, *, seed: int = SEED) -> Numbers:
        """Return how often each block comes in each draw, shape (most, blocks)."""
        return _weights(self.count, self.length, seed, most)

    def folds(self, most: int) -> Codes:
        """Return the fold of each row, shape (n,), from 0: at most `most` stretches of blocks that follow each other."""
        found: Codes = self.of * most // self.count
        return found

    def interval(self, values: Numbers, level: float) -> Interval | None:
        """Return where a number lies of which the draws gave `values`, shape (draws,); None where one of them is not known.

        The quantiles are widened for the number of runs, as a t quantile is wider than a normal one.
        """
        if not self.enough or not bool(np.isfinite(values).all()):
            return None
        tail = _expanded(level, self.count / self.length)
        low, high = np.quantile(values, [tail, 1 - tail])
        return Interval(float(low), float(high), level)

    def within(self, value: float, away: Numbers, level: float) -> Interval | None:
        """Return what lies as near to `value` as it is to the truth in `level` of the draws; None where that is not known.

        `away` is how far each draw is from the rows as they are, shape (draws,), and stands for how far these are from the truth.
        """
        if not self.enough or not math.isfinite(value) or not bool(np.isfinite(away).all()):
            return None
        reach = float(np.quantile(away, 1 - 2 * _expanded(level, self.count / self.length)))
        return Interval(value - reach, value + reach, level)

    def reach(self, level: float) -> float:
        """Return how many standard errors an interval reaches from its middle: a t quantile for the number of runs."""
        return float(stats.t.ppf((1 + level) / 2, max(1.0, self.count / self.length - 1)))


def blocks_of(times: Times, together: Codes | None = None) -> Blocks:
    """Return the blocks of rows: days (UTC), in runs of the cube root of their number, or the groups `together` in at most 200 lots."""
    labels: npt.NDArray[np.generic] = times.astype("datetime64[D]") if together is None else _lots(together)
    found, of = np.unique(labels, return_inverse=True)
    return Blocks(of.astype(np.int64), len(found), run_length(len(found)) if together is None else 1)


def run_length(days: int) -> int:
    """Return how many days are drawn together: the cube root of their number, rounded down.

    >>> run_length(7), run_length(28), run_length(90)
    (1, 3, 4)
    """
    return max(1, int(math.cbrt(days) + 1e-9))


def _lots(together: Codes) -> Codes:
    """Return groups put together at random to at most 200 lots: they are independent as their groups are."""
    groups, place = np.unique(together, return_inverse=True)
    lots: Codes = (np.random.default_rng(SEED).permutation(len(groups)) % LOTS)[place]
    return lots


@lru_cache(maxsize=16)
def _weights(days: int, length: int, seed: int, draws: int) -> Numbers:
    """Return how often each day is drawn, in runs of `length`, in each draw, shape (draws, days)."""
    runs = math.ceil(days / length)
    starts = np.random.default_rng(seed).integers(0, days, size=(draws, runs))
    drawn = ((starts[:, :, None] + np.arange(length)) % days).reshape(draws, -1)[:, :days]
    rows = np.repeat(np.arange(draws), days)
    counted = np.bincount(rows * days + drawn.ravel(), minlength=draws * days)
    return counted.reshape(draws, days).astype(np.float64)


def _expanded(level: float, runs: float) -> float:
    """Return the share to cut from each end: that of a t quantile for the number of runs, in place of a normal one."""
    runs = max(2.0, runs)
    quantile = stats.t.ppf((1 - level) / 2, runs - 1)
    return float(stats.norm.cdf(math.sqrt(runs / (runs - 1)) * quantile))
