"""How sure a mean is, when rows of one day, and of days that follow each other, resemble each other."""

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.resampling import LEAST_BLOCKS, SEED, blocks_of
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]
Codes = npt.NDArray[np.int64]

LEAST_DAYS = LEAST_BLOCKS


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
    blocks = blocks_of(times, together)
    if not blocks.enough:
        return None
    sums = blocks.sums(np.column_stack([values, np.ones(len(values))]))
    drawn = blocks.draws(seed=seed) @ sums
    return blocks.interval(drawn[:, 0] / drawn[:, 1], level)
