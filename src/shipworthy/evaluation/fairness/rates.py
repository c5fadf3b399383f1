"""A share, or a mean, of each group, and where it lies: in closed form, with rows of a day as one witness."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.resampling import LEAST_BLOCKS, blocks_of
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean and what its intervals need: `error` is its standard error, `blocks` how many independent witnesses it has.

    `value` is None without rows, `error` None with fewer than 5 blocks. A `share` lies between 0 and 1.
    """

    rows: int
    value: float | None
    error: float | None
    blocks: int
    share: bool

    def interval(self, level: float = 0.95) -> Interval | None:
        """Return where the mean lies; None where that is not known.

        For a share, Wilson's interval for as many independent rows as the standard error stands for; a t interval otherwise.

        Source:
            Wilson (1927); the number of independent rows: Kish (1965), the design effect.
        """
        if self.value is None or self.error is None:
            return None
        reach = float(stats.t.ppf((1 + level) / 2, self.blocks - 1))
        if not self.share:
            return Interval(self.value - reach * self.error, self.value + reach * self.error, level)
        low, high = _wilson(self.value, self._independent, reach)
        return Interval(low, high, level)

    @property
    def _independent(self) -> float:
        assert self.value is not None
        own = self.value * (1 - self.value)
        return own / self.error**2 if own and self.error else float(self.rows)


def spreads(values: Numbers, groups: Groups, blocks: Codes, counted: Mask | None = None, *, share: bool = True) -> list[Spread]:
    """Return the mean of `values` in each group, in the order of its names.

    The standard error is that of rows that come in blocks (the larger one of theirs and that of independent rows): people who were
    decided on one day resemble each other.

    Args:
        values: shape (n,), no NaN; between 0 and 1 for a share.
        groups: of n rows.
        blocks: the block of each row, shape (n,): see `witnesses`.
        counted: shape (n,), the rows that count; all if None.
        share: whether `values` are parts of a whole.

    Source:
        Linearised variance of a ratio over clusters: Kish and Frankel (1974).

    >>> two = Groups("sex", ("f", "m"), np.arange(40) % 2)
    >>> spreads(np.arange(40.0) % 4 == 1, two, np.arange(40))[1].value
    0.5
    """
    kept = np.ones(len(values), dtype=np.bool_) if counted is None else counted
    masks = [kept & (groups.codes == code) for code in range(len(groups.names))]
    return [_spread(values[mask], blocks[mask], share=share) for mask in masks]


def witnesses(times: Times, together: Codes | None = None) -> Codes:
    """Return which rows are one witness, shape (n,): those of a run of days (UTC), or of a lot of groups, as they are drawn for intervals.

    >>> witnesses(np.array(["2026-01-01", "2026-01-01", "2026-01-09"], "datetime64[us]")).tolist()
    [0, 0, 1]
    """
    found = blocks_of(times, together)
    runs: Codes = found.of // found.length
    return runs


def _spread(values: Numbers, blocks: Codes, *, share: bool) -> Spread:
    rows = len(values)
    if not rows:
        return Spread(0, None, None, 0, share)
    value = float(np.mean(values))
    _, place = np.unique(blocks, return_inverse=True)
    off = np.bincount(place, weights=(values - value) / rows)
    known = len(off)
    if known < LEAST_BLOCKS:
        return Spread(rows, value, None, known, share)
    clustered = known / (known - 1) * float(off @ off)
    alone = float(np.var(values, ddof=1)) / rows
    return Spread(rows, value, math.sqrt(max(clustered, alone)), known, share)


def _wilson(value: float, rows: float, reach: float) -> tuple[float, float]:
    middle = (value + reach**2 / (2 * rows)) / (1 + reach**2 / rows)
    half = reach / (1 + reach**2 / rows) * math.sqrt(value * (1 - value) / rows + reach**2 / (4 * rows**2))
    return max(0.0, middle - half), min(1.0, middle + half)
