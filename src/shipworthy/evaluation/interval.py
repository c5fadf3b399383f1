"""How sure a mean is, when rows of one day, and of days that follow each other, resemble each other."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]
Codes = npt.NDArray[np.int64]

LEAST_DAYS = 5
LOTS = 200
DRAWS = 4000
SEED = 20130101


def mean_interval(
    values: Numbers, times: Times, *, level: float = 0.95, seed: int = SEED, together: Codes | None = None
) -> Interval | None:
    """Return where the mean of `values` lies; None where that is not known: fewer than 5 days, or a value that is not finite.

    A block bootstrap over days (UTC) of decision time. One storm makes a thousand flights late, so rows are no independent
    witnesses; days are drawn, in runs of the cube root of their number, because storms last. The mean of a
    draw is its sum over its count: days with more rows weigh more. The quantiles are widened for the
    number of runs: without that, intervals from a week would hold the truth five times in six instead of nineteen in twenty.

    For two answers to the same rows give the differences of their losses: the interval is then paired.

    Args:
        values: shape (n,), a number for each row, such as its loss.
        times: shape (n,), datetime64 in UTC: when each was decided, in any order.
        level: the share of such intervals that hold the truth.
        seed: the same seed, values and times give the same interval.
        together: shape (n,), the group of each row, where rows of a group resemble each other rather than those of a day:
            groups are drawn in place of days, each for itself, in at most 200 lots.

    Source:
        Blocks that follow each other: Künsch (1989), joined into a circle: Politis and Romano (1992); the percentile
        interval: Efron (1979); its widening by a t quantile: Hesterberg (2015), section 3.2 "expanded percentile".

    >>> days = np.datetime64("2013-01-01", "us") + np.arange(60) * np.timedelta64(1, "D")
    >>> interval = mean_interval(np.arange(60.0) % 2, days)
    >>> interval.low < 0.5 < interval.high
    True
    >>> mean_interval(np.ones(3), days[:3]) is None
    True
    """
    if not len(values) or not bool(np.isfinite(values).all()):
        return None
    sums, counts = _summed(values, times.astype("datetime64[D]") if together is None else _lots(together))
    if len(sums) < LEAST_DAYS:
        return None
    length = run_length(len(sums)) if together is None else 1
    weights = _weights(len(sums), length, seed)
    means = (weights @ sums) / (weights @ counts)
    tail = _expanded(level, len(sums) / length)
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(low), float(high), level)


def run_length(days: int) -> int:
    """Return how many days are drawn together: the cube root of their number, rounded down.

    >>> run_length(7), run_length(28), run_length(90)
    (1, 3, 4)
    """
    return max(1, int(math.cbrt(days) + 1e-9))


def _summed(values: Numbers, blocks: npt.NDArray[np.generic]) -> tuple[Numbers, Numbers]:
    """Return sum and count of each block that has rows, in their order."""
    _, block = np.unique(blocks, return_inverse=True)
    return np.bincount(block, weights=values).astype(np.float64), np.bincount(block).astype(np.float64)


def _lots(together: Codes) -> Codes:
    """Return groups put together at random to at most 200 lots: they are independent as their groups are."""
    groups, place = np.unique(together, return_inverse=True)
    lots: Codes = (np.random.default_rng(SEED).permutation(len(groups)) % LOTS)[place]
    return lots


@lru_cache(maxsize=16)
def _weights(days: int, length: int, seed: int) -> Numbers:
    """Return how often each day is drawn, in runs of `length`, in each draw, shape (DRAWS, days)."""
    runs = math.ceil(days / length)
    starts = np.random.default_rng(seed).integers(0, days, size=(DRAWS, runs))
    drawn = ((starts[:, :, None] + np.arange(length)) % days).reshape(DRAWS, -1)[:, :days]
    rows = np.repeat(np.arange(DRAWS), days)
    counted = np.bincount(rows * days + drawn.ravel(), minlength=DRAWS * days)
    return counted.reshape(DRAWS, days).astype(np.float64)


def _expanded(level: float, runs: float) -> float:
    """Return the share to cut from each end: that of a t quantile for the number of runs, in place of a normal one."""
    runs = max(2.0, runs)
    quantile = stats.t.ppf((1 - level) / 2, runs - 1)
    return float(stats.norm.cdf(math.sqrt(runs / (runs - 1)) * quantile))
