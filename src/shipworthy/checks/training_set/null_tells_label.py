"""Features that are null when the label is one value."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.sample import sample

LEAST_ROWS = 30
PURE = 0.98
LEAST_Z = 5.0
RULED_OUT_GAP = 0.3


@dataclass(frozen=True, slots=True)
class Sides:
    """How often the label is `value` where a feature is empty and where it is filled, and how many rows each has."""

    empty: float
    filled: float
    empty_rows: int
    filled_rows: int
    value: float

    @property
    def gap(self) -> float:
        """How far the two lie apart."""
        return abs(self.empty - self.filled)

    @property
    def z(self) -> float:
        """The gap in standard errors, were both alike."""
        rows = self.empty_rows + self.filled_rows
        share = (self.empty * self.empty_rows + self.filled * self.filled_rows) / rows
        error = math.sqrt(share * (1 - share) * (1 / self.empty_rows + 1 / self.filled_rows))
        return self.gap / error if error else 0.0

    @property
    def pure(self) -> float:
        """How nearly the label is one value on the side where it is most."""
        return max(self.empty, self.filled, 1 - self.empty, 1 - self.filled)


class NullTellsLabel(TrainingCheck):
    """How far apart the label lies where a feature is empty and where it is filled; text of blanks is empty.

    The label is 1 or not; of numbers, the most frequent value of the rows where the feature is empty, or not. A gap counts beyond five
    standard errors. Reported above 0.1, since what is missing is often honestly telling; refused where one side has nearly one label
    alone (0.98) and the gap is above 0.3: then the column is filled because of the outcome. At most 20,000 rows are looked at.

    Fires when a column is filled in with the outcome: a lifeboat's number, a reason for leaving, a date of repayment.
    Blind to stand-ins such as 0 or 999, to columns that are filled for both outcomes later, and to fewer than 30 rows on a side.
    """

    unit = "distance of the label's shares where the feature is empty and where it is filled, refused where one side is pure"
    refuses = Bound(high=RULED_OUT_GAP)
    notes = Bound(high=0.1)
    of_label = True
    fix = "find out when the column is filled; if with the outcome, take it out and declare it 'role: post_outcome' in dbt's YAML"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature with rows enough on both sides."""
        seen = sample(frame)
        found = {name: sides(seen, empty(seen.rows.column(name))) for name in frame.features}
        return [_finding(frame, name, one) for name, one in found.items() if one is not None]

    def passes(self) -> Frame:
        """Return a set with a column that is null for no reason."""
        drawn = sound()
        visits = [None if number % 7 == 0 else value for number, value in enumerate(drawn["columns"]["visits"].tolist())]
        return shown(drawn["columns"] | {"visits": visits}, drawn["label"])

    def fails(self) -> Frame:
        """Return a set with a column that is filled for one label alone."""
        drawn = sound()
        boats = [f"boat {number % 9}" if label and number % 10 else None for number, label in enumerate(drawn["label"])]
        return shown(drawn["columns"] | {"boat": boats}, drawn["label"])


def sides(frame: Frame, nothing: Mask) -> Sides | None:
    """Return how the label lies on the two sides of `nothing`, shape (n,); None with too few rows on one."""
    rows = int(nothing.sum())
    if min(rows, len(nothing) - rows) < LEAST_ROWS:
        return None
    value = 1.0 if frame.task == "binary" else _most(frame.label[nothing])
    came = frame.label == value
    return Sides(float(came[nothing].mean()), float(came[~nothing].mean()), rows, len(nothing) - rows, value)


def _most(label: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    values, counts = np.unique(label, return_counts=True)
    return float(values[counts.argmax()])


def _finding(frame: Frame, name: str, found: Sides) -> Finding:
    gap = found.gap if found.z > LEAST_Z else 0.0
    words = (
        f"is empty in {found.empty_rows:,} of {found.empty_rows + found.filled_rows:,} rows, of which {found.empty:.1%} have the label"
        f" {found.value:g}; of those that have it {found.filled:.1%} do"
    )
    if gap <= NullTellsLabel.notes.high:  # type: ignore[operator]
        return Finding(gap, words, name)
    filled, telling = ~empty(frame.rows.column(name)), frame.label == found.value
    likely = telling if found.filled > found.empty else ~telling
    rows = shown_rows(frame, np.flatnonzero(filled & likely), [name])
    excuse = None if found.pure >= PURE else f"both labels come on both sides, in {1 - found.pure:.1%} at least"
    return Finding(gap, words, name, {"z": found.z, "empty": found.empty, "filled": found.filled, "rows": rows}, excuse=excuse)
