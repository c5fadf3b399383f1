"""A training set in periods of time, each beside the like ones around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.checks.training_set.base.frame import Frame, Mask, Moments, Numbers, Whole

LENGTHS = {"day": timedelta(days=1), "hour": timedelta(hours=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
APART = {"day": 7, "hour": 24, "week": 1, "month": 1}
LEAST_ROWS, LEAST_PERIODS, MOST_PERIODS = 20, 14, 5_000
EACH_SIDE = 4
MONDAY = np.datetime64("1970-01-05", "us")
Wide = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Periods:
    """Stretches of one length in UTC from the first decision to the last.

    Args:
        length: hour, day, week or month (of 30 days).
        starts: shape (p,), ascending, each a length after the one before.
        of: the period of each row, shape (n,).
        rows: how many rows each has, shape (p,).
        left_out: which of them touch what was excluded on purpose, shape (p,).
    """

    length: str
    starts: Moments
    of: Whole
    rows: Whole
    left_out: Mask

    @property
    def apart(self) -> int:
        """How many periods further the next like one is: a week for days, a day for hours."""
        return APART[self.length]

    def span(self, first: int, last: int) -> tuple[datetime, datetime]:
        """Return when the period `first` begins and the period `last` ends."""
        return moment(self.starts[first]), moment(self.starts[last]) + LENGTHS[self.length]

    def counted(self, codes: Whole, kinds: int) -> Wide:
        """Return how many rows of each period have each code, shape (p, kinds); rows with a negative code have none."""
        here = codes >= 0
        found = np.bincount(self.of[here] * kinds + codes[here], minlength=len(self.starts) * kinds)
        return found.reshape(len(self.starts), kinds).astype(np.float64)

    def sides(self, values: Wide) -> tuple[Wide, Wide]:
        """Return the medians of `values`, shape (p, ...), in the four like periods before and the four after; NaN where there is none.

        What was left out on purpose is no like period. Near an end only one side may be known; it stands for both.
        """
        usable = np.where(self.left_out.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values)
        before, after = (_median([_shifted(usable, sign * self.apart * step) for step in range(1, EACH_SIDE + 1)]) for sign in (1, -1))
        return np.where(np.isnan(before), after, before), np.where(np.isnan(after), before, after)


def periods(frame: Frame) -> Periods | None:
    """Return periods that suit a training set: days, if there are 14 with 20 rows each, or hours, weeks or months; None if none does."""
    if not frame.rows.num_rows:
        return None
    times = frame.times
    for length, span in LENGTHS.items():
        step = np.timedelta64(span)
        first = MONDAY + (times[0] - MONDAY) // step * step
        number = int((times[-1] - first) // step) + 1
        if LEAST_PERIODS <= number <= MOST_PERIODS:
            of = ((times - first) // step).astype(np.int64)
            rows = np.bincount(of, minlength=number)
            if np.median(rows[rows > 0]) >= LEAST_ROWS and (rows > 0).mean() > 0.5:
                starts = first + np.arange(number) * step
                return Periods(length, starts, of, rows, _left_out(frame, starts, step))
    return None


def runs(flagged: Mask, *, gap: int = 1) -> list[tuple[int, int]]:
    """Return the first and last place of each run of flags.

    >>> runs(np.array([True, True, False, False, True])), runs(np.array([False]))
    ([(0, 1), (4, 4)], [])
    """
    places = np.flatnonzero(flagged)
    cuts = np.flatnonzero(np.diff(places) > gap) + 1
    return [(int(part[0]), int(part[-1])) for part in np.split(places, cuts) if len(part)]


def moment(time: np.datetime64) -> datetime:
    """Return a moment in UTC as an aware one."""
    naive: datetime = time.astype("datetime64[us]").item()
    return naive.replace(tzinfo=UTC)


def spread(values: Numbers) -> float:
    """Return a standard deviation that a few far values do not move: 1.4826 times the median distance from the median.

    Source: Rousseeuw and Croux (1993), "Alternatives to the Median Absolute Deviation", eq. 1.1.

    >>> round(spread(np.array([1.0, 2.0, 3.0, 4.0, 900.0])), 2)
    1.48
    """
    known = values[np.isfinite(values)]
    return float(1.4826 * np.median(np.abs(known - np.median(known)))) if len(known) else 0.0


def _left_out(frame: Frame, starts: Moments, step: Any) -> Mask:
    found = np.zeros(len(starts), bool)
    for exclusion in frame.excluded:
        begin, end = (
            np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us") for time in (exclusion.window.start, exclusion.window.end)
        )
        found |= (starts < end) & (starts + step > begin)
    return found


def _shifted(values: Wide, by: int) -> Wide:
    """Return `values` moved along by so many places, NaN where nothing came in."""
    moved = np.full_like(values, np.nan, dtype=np.float64)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


def _median(parts: Sequence[Wide]) -> Wide:
    stacked = np.stack(parts)
    empty = np.isnan(stacked).all(axis=0)
    found: Wide = np.where(empty, np.nan, np.nanmedian(np.where(empty, 0.0, stacked), axis=0))
    return found
