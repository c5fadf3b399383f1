"""Features of decisions whose outcome is known, beside those of the newest decisions, whose outcome is still open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask
from shipworthy.checks.training_set.base.rows import plain

LEAST_FRESH = 50
MOST_ROWS = 20_000
PAST_WINDOWS = 8
FILLED_BEFORE = 0.5
EMPTY_NOW = 0.95


@dataclass(frozen=True, slots=True)
class Shares:
    """Share of a feature that says nothing, or 0, on fresh rows, on the last mature ones, and on the windows before them."""

    fresh: float
    mature: float
    past: tuple[float, ...]

    @property
    def jump(self) -> float:
        """By how much it rose to the fresh rows, beyond the spread of the windows before; 0 where it did not."""
        windows = [self.mature, *self.past]
        return max(0.0, self.fresh - max(windows) - (max(windows) - min(windows)))


class MatureVsFresh(TrainingCheck):
    """By how much the share of rows in which a feature is empty or 0 rises from the last mature decisions to the newest ones.

    Compared are as many of the latest mature rows as there are fresh ones, and eight windows of that size before them, whose
    spread is taken off: what comes and goes, or slowly moves, does not count. Refused where a column that was filled in half of the
    mature rows is empty in nineteen of twenty fresh ones, reported above 0.2. At most 20,000 fresh rows are looked at.

    Fires when a column is filled in after the event: the training set has it, the model will not.
    Blind to a column that is filled before the horizon has passed, to one that is overwritten rather than filled, and to fewer than 50
    fresh rows.
    """

    unit = "rise of the share of rows that are empty or 0, beyond the spread of past windows"
    refuses = Bound(high=EMPTY_NOW - FILLED_BEFORE)
    notes = Bound(high=0.2)
    fix = "take it out of the features and declare it 'role: post_outcome', or give it a relation of its own with its known_time"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature where there are fresh rows enough, none otherwise."""
        if frame.fresh is None or frame.fresh.num_rows < LEAST_FRESH or frame.rows.num_rows < 2 * LEAST_FRESH:
            return []
        newest = frame.fresh.slice(0, MOST_ROWS)
        return [_finding(frame, newest, name) for name in frame.features if name in newest.column_names]

    def passes(self) -> Frame:
        """Return a set whose newest decisions look like the last mature ones."""
        frame, newest = shown(**sound()), shown(**sound(100, seed=3))
        return replace(frame, fresh=newest.rows)

    def fails(self) -> Frame:
        """Return a set with a column that the newest decisions do not have yet."""
        frame, newest = (
            shown(drawn["columns"] | {"calls": drawn["columns"]["visits"]}, drawn["label"]) for drawn in (sound(), sound(100, 3))
        )
        nothing = pa.array([None] * 100, newest.rows.schema.field("calls").type)
        return replace(frame, fresh=newest.rows.set_column(newest.rows.column_names.index("calls"), "calls", nothing))


def _finding(frame: Frame, newest: pa.Table, name: str) -> Finding:
    nothing = _nothing(frame.rows.column(name))
    shares = _shares(nothing, _nothing(newest.column(name)))
    words = (
        f"is empty or 0 in {shares.fresh:.1%} of the {newest.num_rows:,} newest decisions, whose outcome is open, and in"
        f" {shares.mature:.1%} of the last mature ones"
    )
    if shares.jump <= MatureVsFresh.notes.high:  # type: ignore[operator]
        return Finding(shares.jump, words, name)
    filled = shares.mature < FILLED_BEFORE and shares.fresh > EMPTY_NOW
    rows = [*_shown(newest, name, _nothing(newest.column(name)), "fresh"), *_shown(frame.rows, name, ~nothing, "mature")]
    excuse = None if filled else "it is not empty throughout: the world may have moved"
    example = f", for example in that of {rows[0]['entity']} at {rows[0]['decided_at']}" if rows else ""
    evidence = {"fresh": shares.fresh, "mature": shares.mature, "past": list(shares.past), "rows": rows}
    return Finding(shares.jump, words + example, name, evidence, excuse=excuse)


def _shares(nothing: Mask, fresh: Mask) -> Shares:
    """Return the shares of windows of the size of `fresh`, counted back from the last mature row."""
    size = min(max(len(fresh), LEAST_FRESH), len(nothing) // 2)
    ends = [len(nothing) - size * back for back in range(PAST_WINDOWS + 1)]
    windows = [float(nothing[end - size : end].mean()) for end in ends if end >= size]
    return Shares(float(fresh.mean()), windows[0], tuple(windows[1:]))


def _nothing(column: pa.ChunkedArray) -> Mask:
    nothing = empty(column)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        nothing |= np.nan_to_num(column.cast(pa.float64(), safe=False).to_numpy()) == 0
    return nothing


def _shown(table: pa.Table, name: str, mask: Mask, said: str) -> list[dict[str, object]]:
    places = np.flatnonzero(mask)[-2:]
    rows = table.select(["entity", "decided_at", name]).take(pa.array(places)).to_pylist()
    return [{column: plain(value) for column, value in row.items()} | {"decision": said} for row in rows]
