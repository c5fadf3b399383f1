"""Features that are the order of the rows."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.gap import auc_error
from shipworthy.checks.training_set.base.power import powers
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.sample import sample

LEAST_ROWS = 100
DIFFERENT = 0.5
TELLS = 0.08
LEAST_Z = 5.0


class RowOrderFeature(TrainingCheck):
    """How nearly a feature only counts the rows: the rank correlation of numbers that hardly come twice with the order of decisions.

    Reported above 0.98: what counts upward has at its next value never been seen. Refused above 0.999 for whole numbers and dates that
    tell the label by themselves (AUC 0.08 from chance and five standard errors): then the model learns when a row was
    written, not what it says. At most 20,000 rows are looked at.

    Fires when a surrogate key, a line number or the date as a number is a feature.
    Blind to a counter in another order than time, and to one that repeats, such as a week.
    """

    unit = "rank correlation with the order of decisions, 0 to 1"
    refuses = Bound(high=0.999)
    notes = Bound(high=0.98)
    of_label = True
    fix = "take it out of the features; give the season by hour, weekday or month, and the trend by what changes"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature with numbers or times that hardly come twice."""
        seen = sample(frame)
        if seen.rows.num_rows < LEAST_ROWS or seen.times[0] == seen.times[-1]:
            return []
        asked = seen.named("integer", "number", "date", "timestamp")
        return [finding for name in asked if (finding := _finding(frame, seen, name)) is not None]

    def passes(self) -> Frame:
        """Return a set with a level that rises, up and down."""
        drawn = sound()
        level = np.arange(600) / 100 + np.sin(np.arange(600))
        return shown(drawn["columns"] | {"level": level.round(3)}, drawn["label"])

    def fails(self) -> Frame:
        """Return a set of which late rows come true more often, with the number of the row."""
        drawn, row = sound(1000), np.arange(1000)
        label = np.where(row % 3 == 0, np.asarray(drawn["label"]), row > 500)
        return shown(drawn["columns"] | {"row_id": 5000 + row}, label.astype(int))


def _finding(frame: Frame, seen: Frame, name: str) -> Finding | None:
    values = seen.numbers(name)
    filled = ~np.isnan(values)
    if filled.sum() < LEAST_ROWS or len(np.unique(values[filled])) < DIFFERENT * filled.sum():
        return None
    value = abs(float(np.corrcoef(rankdata(values[filled]), rankdata(seen.times[filled].astype(np.int64)))[0, 1]))
    if value <= RowOrderFeature.notes.high:  # type: ignore[operator]
        return Finding(value, f"follows the order of decisions by {value:.3f}", name)
    power = powers(frame)[name].whole if seen.features[name].kind not in ("date", "timestamp") else None
    telling = _telling(seen, power)
    tells = f"; alone it has a power of {power:.3f}" if power is not None else ""
    rows = shown_rows(frame, np.array([0, frame.rows.num_rows // 2, frame.rows.num_rows - 1]), [name])
    words = f"counts the rows: it follows the order of decisions by {value:.4f}, from {rows[0][name]} to {rows[-1][name]}{tells}"
    number = seen.features[name].kind == "integer" and telling
    excuse = None if number else "it tells the label little, or is a measure that rises"
    return Finding(value, words, name, {"power": power, "rows": rows}, excuse=excuse)


def _telling(seen: Frame, power: float | None) -> bool:
    if power is None:
        return False
    if seen.task != "binary":
        return power > TELLS
    return abs(power - 0.5) > max(TELLS, LEAST_Z * auc_error(power, seen.label))
