"""Features that say nothing."""

from collections.abc import Sequence

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import plain


class ConstantFeatures(TrainingCheck):
    """Share of rows in which a feature has its most frequent value; a null counts as a value.

    Fires when a column is stuck on one value, or on all but one row in two thousand: nothing can be learnt from it, and often a
    default replaced the truth, a join found nothing, or `max_age` is too short.
    Blind to a column that is stuck only lately: see bad_periods.
    """

    unit = "share of rows, 0 to 1"
    notes = Bound(high=0.9995)
    fix = "look upstream for what fills this column; if it is right so, leave it out of the features"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each feature; none for a set of one row."""
        return [_finding(frame, name) for name in frame.features] if frame.rows.num_rows > 1 else []

    def passes(self) -> Frame:
        """Return a set whose columns differ from row to row."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set with a column that is always alike, and one that is always null."""
        drawn = sound()
        return shown(drawn["columns"] | {"currency": ["EUR"] * 600, "segment": [None] * 600}, drawn["label"])


def _finding(frame: Frame, name: str) -> Finding:
    found, rows = frame.values[name], frame.rows.num_rows
    most = int(found.counts.max()) if found.distinct else 0
    value = None if found.nulls >= most else plain(found.values[int(found.counts.argmax())].as_py())
    count = max(most, found.nulls)
    said = "null" if value is None else repr(value)
    return Finding(count / rows, f"is {said} in {count:,} of {rows:,} rows", name, {"rows": [{name: value, "rows": count}]})
