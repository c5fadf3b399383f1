"""How sure a mean is, when rows of one day, and of days that follow each other, resemble each other."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]

LEAST_DAYS = 5
DRAWS = 4000
SEED = 20130101


def mean_interval(values: Numbers, times: Times, *, level: float = 0.95, seed: int = SEED) -> Interval | None:
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
    sums, counts = _by_day(values, times)
    if len(sums) < LEAST_DAYS:
        return None
    weights = _weights(len(sums), seed)
    means = (weights @ sums) / (weights @ counts)
    tail = _expanded(level, len(sums))
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(low), float(high), level)


def run_length(days: int) -> int:
    """Return how many days are drawn together: the cube root of their number, rounded down.

    >>> run_length(7), run_length(28), run_length(90)
    (1, 3, 4)
    """
    return max(1, int(math.cbrt(days) + 1e-9))


def _by_day(values: Numbers, times: Times) -> tuple[Numbers, Numbers]:
    """Return sum and count of each day that has rows, in the order of days."""
    _, day = np.unique(times.astype("datetime64[D]"), return_inverse=True)
    return np.bincount(day, weights=values).astype(np.float64), np.bincount(day).astype(np.float64)


@lru_cache(maxsize=16)
def _weights(days: int, seed: int) -> Numbers:
    """Return how often each day is drawn in each draw, shape (DRAWS, days)."""
    length = run_length(days)
    runs = math.ceil(days / length)
    starts = np.random.default_rng(seed).integers(0, days, size=(DRAWS, runs))
    drawn = ((starts[:, :, None] + np.arange(length)) % days).reshape(DRAWS, -1)[:, :days]
    rows = np.repeat(np.arange(DRAWS), days)
    counted = np.bincount(rows * days + drawn.ravel(), minlength=DRAWS * days)
    return counted.reshape(DRAWS, days).astype(np.float64)


def _expanded(level: float, days: int) -> float:
    """Return the share to cut from each end: that of a t quantile for the number of runs, in place of a normal one."""
    runs = max(2.0, days / run_length(days))
    quantile = stats.t.ppf((1 - level) / 2, runs - 1)
    return float(stats.norm.cdf(math.sqrt(runs / (runs - 1)) * quantile))
