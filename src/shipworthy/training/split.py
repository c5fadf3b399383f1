"""Which decisions the model learns from and which it is judged by: in the order of time, with a gap for the label's horizon."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadData
from shipworthy.records import Window
from shipworthy.spec.duration import in_words
from shipworthy.spec.part import SplitBy

Times = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

LEAST_FIT = 200  # rows to learn from, the tail for early stopping not counted
LEAST_TAIL = 30
LEAST_HOLDOUT = 50
TAIL_SHARE = 0.15
LAST_INCLUDED = np.timedelta64(1, "us")


@dataclass(frozen=True, slots=True)
class Split:
    """Masks over the rows of a training set, each of shape (n,), and the windows that they stand for.

    `learn` and `tail` are parts of `fit`: the number of trees is chosen by learning from `learn` and looking at
    `tail`; the model that is kept learns from all of `fit`. `holdout` is looked at by nobody before the
    evaluation. Rows in `in_gap` of them are in neither: their labels came after the holdout began; nor are the `apart` rows whose
    group is on the other side. `by` is what was cut by; `together` has the group of each row where whole groups were drawn, and is
    None where time decides.
    """

    fit: Mask
    holdout: Mask
    learn: Mask
    tail: Mask
    fit_window: Window
    holdout_window: Window
    tail_window: Window
    in_gap: int
    by: SplitBy = "time"
    together: Codes | None = None
    apart: int = 0

    @property
    def ordered(self) -> bool:
        """Whether the holdout comes later than what is fitted."""
        return self.by in ("time", "both")


def time_split(times: Times, holdout: timedelta, gap: timedelta, *, as_of: datetime, where: str = "training set") -> Split:
    """Return the split whose holdout is the last stretch of history, of length `holdout`.

    A decision is fitted on if it lies at least `gap` before the first possible decision of the holdout, so
    that with `gap` the label's horizon every fitted label was known when the holdout began. The last
    15 % of the fitted rows, a `gap` apart from the others as well, are the tail for early stopping.

    Args:
        times: decision times, shape (n,), datetime64 in UTC, in any order; none is null or after `as_of`.
        holdout: length of the holdout.
        gap: what is left out before the holdout and before the tail.
        as_of: the moment whose knowledge the rows are; aware.
        where: what a refusal names.

    Raises:
        BadData: a time is null or after `as_of`, or a side has too few rows; with the figures.
    """
    moments = times.astype("datetime64[us]")
    require_times(moments, as_of, where)
    end = moments.max() + LAST_INCLUDED
    start = end - np.timedelta64(holdout)
    held, fit = moments >= start, moments < start - np.timedelta64(gap)
    _enough(fit, LEAST_FIT + LEAST_TAIL, "to learn from", moments, holdout, gap, where)
    _enough(held, LEAST_HOLDOUT, "in the holdout", moments, holdout, gap, where)
    tail_start = np.sort(moments[fit])[int(fit.sum() * (1 - TAIL_SHARE))]
    tail, learn = fit & (moments >= tail_start), moments < tail_start - np.timedelta64(gap)
    _enough(learn, LEAST_FIT, "to choose the number of trees from", moments, holdout, gap, where)
    _enough(tail, LEAST_TAIL, "in the tail for early stopping", moments, holdout, gap, where)
    fit_end = start - np.timedelta64(gap)
    return Split(
        fit=fit, holdout=held, learn=learn, tail=tail,
        fit_window=window(moments.min(), fit_end), holdout_window=window(start, end), tail_window=window(tail_start, fit_end),
        in_gap=int(len(moments) - fit.sum() - held.sum()),
    )  # fmt: skip


def require_times(moments: Times, as_of: datetime, where: str) -> None:
    """Do nothing if there are decisions, each of a moment that is not after `as_of`.

    Raises:
        BadData: there are none, one has no time, or one lies after `as_of`.
    """
    if not len(moments):
        raise BadData(
            where=where, what="holds no mature decision", fix="take a later moment, or look at the exclusions of the training set"
        )
    if np.isnat(moments).any():
        raise BadData(where=where, what=f"{int(np.isnat(moments).sum())} decisions have no time", fix="give every decision its time")
    latest = _aware(moments.max())
    if latest > as_of:
        raise BadData(
            where=where,
            what=f"a decision of {latest.isoformat()} lies after {as_of.isoformat()}, the moment of the training set",
            fix="build the training set as of that moment, or mend the decision times",
        )


def _enough(mask: Mask, least: int, role: str, moments: Times, holdout: timedelta, gap: timedelta, where: str) -> None:
    rows = int(mask.sum())
    if rows >= least:
        return
    span = _aware(moments.max()) - _aware(moments.min())
    raise BadData(
        where=where,
        what=f"{rows} rows {role}, at least {least} are needed: {len(moments)} rows over {span.days} days, "
        f"of which the holdout takes {in_words(holdout)} and the gap for the label's horizon {_words(gap)}",
        fix="give more history, or a shorter evaluation.holdout",
    )


def _words(length: timedelta) -> str:
    return in_words(length) if length else "nothing"


def window(start: np.datetime64, end: np.datetime64) -> Window:
    """Return the span of decisions from `start`, included, to `end`, not, both in UTC."""
    return Window(_aware(start), _aware(end))


def _aware(moment: np.datetime64) -> datetime:
    naive: datetime = moment.astype("datetime64[us]").item()
    return naive.replace(tzinfo=UTC)
