"""Which periods of a training set are unlike the like ones around them: in rows, in nulls, in values."""

from dataclasses import dataclass, replace

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Mask, Numbers, Whole
from shipworthy.checks.training_set.base.periods import LEAST_ROWS, Periods, Wide, spread

BINS = 10
TWICE = np.log(2)
DEVIATIONS = 8.0
VOLUME_DEVIATIONS = 6.0
NULLS_MORE, NULLS_SURELY = 0.3, 0.9
APART, SURELY_APART = 0.4, 0.75
MOST_ROWS = 0.5
SAME = 0.98


@dataclass(frozen=True, slots=True)
class Strange:
    """Flags over periods, each of shape (p,): which are strange, and in which it is near certain that something broke; with the figures.

    `now` is what was measured of a period and `usual` what it is in the like ones around: rows, a share of nulls, or a distance.
    """

    flagged: Mask
    surely: Mask
    now: Numbers
    usual: Numbers

    def begun(self) -> "Strange":
        """Return the same without the strange periods that it begins with: history has to begin somewhere."""
        first = int(np.argmin(self.flagged)) if len(self.flagged) else 0
        later = np.arange(len(self.flagged)) >= first
        return replace(self, flagged=self.flagged & later, surely=self.surely & later)


def in_rows(found: Periods) -> Strange:
    """Return the periods with less than half or more than twice the rows of the like ones on either side.

    It must also lie six robust standard deviations of what is usual from period to period away. The first and the last period are
    not whole, and are not looked at.
    """
    rows = found.rows.astype(np.float64)
    before, after = found.sides(rows)
    ratios = [np.log((rows + 0.5) / (side + 0.5)) for side in (before, after)]
    nearer = np.where(np.abs(ratios[0]) < np.abs(ratios[1]), *ratios)
    nearer = np.where(np.sign(ratios[0]) == np.sign(ratios[1]), nearer, 0.0)
    usual = np.where(np.abs(ratios[0]) < np.abs(ratios[1]), before, after)
    limit = max(TWICE, VOLUME_DEVIATIONS * spread(nearer))
    flagged = (np.abs(nearer) > limit) & (np.maximum(usual, rows) >= LEAST_ROWS / 2) & ~found.left_out
    flagged[[0, -1]] = False
    return Strange(flagged, np.zeros_like(flagged), rows, usual)


def in_nulls(found: Periods, empty: Mask) -> Strange:
    """Return the periods in which the share of nulls is .3 higher than in the like ones on either side, and by eight robust deviations.

    Args:
        found: the periods.
        empty: which rows have no value, shape (n,).
    """
    rows = np.maximum(found.rows, 1)
    share = np.where(found.rows > 0, found.counted(np.where(empty, 0, -1), 1)[:, 0] / rows, np.nan)
    before, after = found.sides(share)
    usual = np.fmax(before, after)
    more = share - usual
    limit = np.maximum(NULLS_MORE, DEVIATIONS * spread(more) + 4 * np.sqrt(np.clip(usual * (1 - usual), 0, None) / rows))
    enough = (found.rows >= LEAST_ROWS) & ~found.left_out & np.isfinite(more)
    flagged = enough & (np.nan_to_num(more) > np.nan_to_num(limit, nan=np.inf))
    return Strange(flagged, flagged & (np.nan_to_num(share) - np.nan_to_num(usual) >= NULLS_SURELY), share, usual)


def in_values(found: Periods, codes: Whole, kinds: int, far: Mask | None = None) -> Strange:
    """Return the periods whose values are distributed unlike those of the like ones on either side.

    The distance is the share of rows that would have to have another value (total variation over bins), less what chance gives
    with so many rows. It must be .4, lie eight robust standard deviations above what is usual from period to period, and three times
    as far above it as the 95th percentile: in a column that wanders or clumps by itself no day is strange. What is the same all day, as
    a holiday or an interest rate, is not looked at. Near certain is only what most rows of a period have, and next to none elsewhere.

    Args:
        found: the periods.
        codes: the bin of each row's value, shape (n,), -1 where there is none.
        kinds: how many bins there are.
        far: which rows have a value at an outermost end of all, shape (n,); None where there is no order.
    """
    counted = found.counted(codes, kinds)
    filled = counted.sum(axis=1)
    share = np.where(filled[:, None] >= LEAST_ROWS, counted / np.maximum(filled, 1)[:, None], np.nan)
    apart = np.clip(np.fmin(*(_apart(share, side, filled) for side in found.sides(share))), 0, None)
    known = np.nan_to_num(apart, nan=0.0)
    flagged = (known > _limit(apart)) & ~found.left_out & (not _same_all_day(share))
    surely = flagged & (known >= SURELY_APART) & (_share_of(found, far) > MOST_ROWS)
    return Strange(flagged, surely, apart, np.full(len(apart), np.nanmedian(apart) if np.isfinite(apart).any() else 0.0))


def outermost(numbers: Numbers) -> Mask:
    """Return which numbers lie beyond the bulk of all: further from the middle half than ten times its width."""
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return np.zeros(len(numbers), bool)
    low, high = np.quantile(known, [0.25, 0.75])
    reach = 10 * (high - low)
    found: Mask = (numbers < low - reach) | (numbers > high + reach)
    return found if reach > 0 else np.zeros(len(numbers), bool)


def _limit(apart: Numbers) -> float:
    known = apart[np.isfinite(apart)]
    if not len(known):
        return np.inf
    middle, high = np.quantile(known, [0.5, 0.95])
    return float(max(APART, middle + DEVIATIONS * spread(known), middle + 3 * (high - middle)))


def _same_all_day(share: Wide) -> bool:
    largest = share.max(axis=1)
    known = largest[np.isfinite(largest)]
    return bool(len(known)) and bool(np.quantile(known, 0.25) > SAME)


def _share_of(found: Periods, rows: Mask | None) -> Numbers:
    if rows is None:
        return np.zeros(len(found.starts))
    return found.counted(np.where(rows, 0, -1), 1)[:, 0] / np.maximum(found.rows, 1)


def binned(frame: Frame, name: str) -> tuple[Whole, int]:
    """Return the bin of each value of a feature, -1 where it is null, and how many bins there are.

    Text and what has at most ten values: the ten most frequent ones, and one for the rest. Numbers and times: tenths.
    """
    found = frame.values[name]
    if frame.features[name].kind in ("text", "boolean") or found.distinct <= BINS:
        codes = frame.codes(name)
        rows = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.zeros(1, np.int64)
        place = np.full(len(rows), BINS)
        place[np.argsort(-rows, kind="stable")[:BINS]] = np.arange(min(BINS, len(rows)))
        return np.where(codes >= 0, place[np.maximum(codes, 0)], -1), BINS + 1
    return tenths(frame.numbers(name))


def tenths(numbers: Numbers) -> tuple[Whole, int]:
    """Return the tenth that each number lies in, -1 for NaN, and how many there are: fewer where one value fills several."""
    known = np.isfinite(numbers)
    cuts = np.unique(np.quantile(numbers[known], np.arange(1, BINS) / BINS)) if known.any() else np.array([])
    return np.where(known, np.searchsorted(cuts, numbers, side="right"), -1), len(cuts) + 1


def _apart(share: Wide, usual: Wide, filled: Numbers) -> Numbers:
    """Return the total variation from a usual distribution, less what chance gives of it; NaN where one is not known."""
    usual = usual / np.maximum(usual.sum(axis=1, keepdims=True), 1e-12)
    by_chance = np.sqrt(2 / np.pi * usual * (1 - usual) / np.maximum(filled, 1)[:, None]).sum(axis=1) / 2
    found: Numbers = np.abs(share - usual).sum(axis=1) / 2 - by_chance
    return found
