"""Values that nobody declared."""

from collections.abc import Sequence

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import plain


class UndeclaredValues(TrainingCheck):
    """Rows whose value is not among those that dbt's test `accepted_values` declares for the column; null is no value.

    Fires when a source sends a code that its description does not know, though dbt's own test only warns or was not run.
    Blind to features of which nobody declared the values: see undocumented_codes.
    """

    unit = "rows"
    refuses = Bound(high=0)
    fix = "map the value to a declared one or to null in the staging model, or declare it and say what it means"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each feature with declared values."""
        return [_finding(frame, name, frame.allowed[name]) for name in frame.features if name in frame.allowed]

    def passes(self) -> Frame:
        """Return a set whose plans are all declared, the codes as text, as YAML may have them."""
        drawn = sound()
        allowed = {"plan": ["basic", "family", "student"], "visits": [str(number) for number in range(40)]}
        return shown(drawn["columns"], drawn["label"], allowed=allowed)

    def fails(self) -> Frame:
        """Return a set with a plan that is not declared."""
        drawn = sound()
        return shown(drawn["columns"], drawn["label"], allowed={"plan": ["basic", "student"]})


def _finding(frame: Frame, name: str, allowed: Sequence[object]) -> Finding:
    found = frame.values[name]
    known = {text for value in allowed for text in _written(value)}
    outside = [place for place, value in enumerate(found.values.to_pylist()) if not known.intersection(_written(value))]
    rows = [{name: plain(found.values[place].as_py()), "rows": int(found.counts[place])} for place in outside]
    rows = sorted(rows, key=lambda row: -int(row["rows"]))
    total = sum(int(row["rows"]) for row in rows)
    if not rows:
        return Finding(0.0, f"has {found.distinct:,} values, all declared", name)
    listed = ", ".join(f"{row[name]!r} ({row['rows']:,})" for row in rows[:5])
    words = f"has {total:,} of {found.filled:,} values that are not among the {len(allowed)} declared: {listed}"
    return Finding(float(total), words, name, {"rows": rows[:5]})


def _written(value: object) -> set[str]:
    """Return the ways in which a value may be written in YAML: 1 is 1.0 and '1', true is True."""
    texts = {str(value), str(value).lower() if isinstance(value, bool) else str(value)}
    return texts | ({str(int(value))} if isinstance(value, float) and value.is_integer() else set())
