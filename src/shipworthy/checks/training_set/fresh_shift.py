"""Features whose values lie elsewhere on the newest decisions, whose outcome is still open."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import plain
from shipworthy.checks.training_set.base.values import NONE, Whole, codes_of, numbers_of

LEAST_FRESH = 50
MOST_ROWS = 20_000
PAST_WINDOWS = 8
LEAST_WINDOWS = 4
BINS = 10
MOST_TEXTS = 50


class FreshShift(TrainingCheck):
    """How far a feature has moved from the last mature decisions to the newest ones, beyond what it moved from window to window before.

    The share of rows that would have to change: of ten quantiles, nulls and the frequent texts. Compared are windows of as many rows as
    are fresh; the largest step of the past and the spread of its steps are taken off, so that what moves all the time does not count. Only
    reported: mature_vs_fresh refuses what is empty. At most 20,000 fresh rows are looked at.

    Fires when a column is overwritten or grows after the event: a balance after the payment, a count of calls that goes on.
    Blind to fewer than four past windows or 50 fresh rows, and to texts with more than 50 values.
    """

    unit = "share of rows that would have to change, beyond the steps of past windows"
    notes = Bound(high=0.1)
    fix = "find out whether the column goes on changing after the decision; if so give it a relation of its own with its known_time"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature where there are fresh rows and past windows enough, none otherwise."""
        if frame.fresh is None or frame.fresh.num_rows < LEAST_FRESH:
            return []
        newest = frame.fresh.slice(0, MOST_ROWS)
        if frame.rows.num_rows < (LEAST_WINDOWS + 1) * newest.num_rows:
            return []
        asked = [name for name, one in frame.features.items() if name in newest.column_names and one.kind not in ("date", "timestamp")]
        return [finding for name in asked if (finding := _finding(frame, newest, name)) is not None]

    def passes(self) -> Frame:
        """Return a set whose newest decisions look like the last mature ones."""
        return replace(shown(**sound()), fresh=shown(**sound(100, seed=3)).rows)

    def fails(self) -> Frame:
        """Return a set with a count that goes on after the decision."""
        frame, newest = shown(**sound()), shown(**sound(100, seed=3)).rows
        counts = np.asarray(newest.column("visits")) // 3
        return replace(frame, fresh=newest.set_column(newest.column_names.index("visits"), "visits", pa.array(counts)))


def _finding(frame: Frame, newest: pa.Table, name: str) -> Finding | None:
    size = newest.num_rows
    last = frame.rows.column(name).slice(max(0, frame.rows.num_rows - (PAST_WINDOWS + 1) * size))
    coded = _coded(last, newest.column(name))
    if coded is None:
        return None
    ends = range(len(coded), size - 1, -size)
    windows = [np.bincount(coded[end - size : end] + 1, minlength=int(coded.max()) + 2) / size for end in ends]
    steps = [float(np.abs(one - other).sum() / 2) for one, other in pairwise(windows)]
    past = steps[1:]
    value = max(0.0, steps[0] - max(past) - (max(past) - min(past)))
    words = (
        f"has moved in {steps[0]:.1%} of the {size:,} newest decisions, whose outcome is open, against the last mature ones; from window to"
        f" window before it moved in {max(past):.1%} at most"
    )
    rows = [{column: plain(newest.column(column)[place].as_py()) for column in ("entity", "decided_at", name)} for place in (0, size // 2)]
    return Finding(value, words, name, {"moved": steps[0], "past": past, "rows": rows})


def _coded(mature: pa.ChunkedArray, fresh: pa.ChunkedArray) -> Whole | None:
    """Return the bin of each value, mature rows before fresh ones: quantiles of the mature ones, or texts; None if these are too many."""
    kind = mature.type
    both = pa.chunked_array([*mature.chunks, *fresh.cast(kind).chunks], kind)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        found = codes_of(both)
        return found if found.max(initial=NONE) < MOST_TEXTS else None
    values, known = numbers_of(both), numbers_of(mature)
    edges = np.unique(np.nanquantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if np.isfinite(known).any() else np.zeros(0)
    return np.where(np.isnan(values), NONE, np.searchsorted(edges, values, side="right")).astype(np.int64)
