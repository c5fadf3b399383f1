"""A feature beside which all others tell little."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.power import powers
from shipworthy.checks.training_set.base.rows import shown_rows

LEAST_AUC = 0.75
LEAST_FEATURES = 3


class DominantFeature(TrainingCheck):
    """How much more than the second the strongest feature alone tells: (AUC - 0.5) of one to that of the other.

    Asked of a binary label with at least three features, of which the strongest has an AUC of 0.75; only reported.

    Fires when one column knows what no other column hints at: often because it was filled in after the event.
    Blind to two leaking columns, which hide each other, and to labels that are numbers.
    """

    unit = "power of the strongest feature to that of the second, AUC above 0.5"
    notes = Bound(high=1.6)
    of_label = True
    fix = "find out when the column is filled; if only after the decision, take it out or declare it 'role: post_outcome' in dbt's YAML"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding where there is a strongest feature, none otherwise."""
        known = {name: power.best for name, power in powers(frame).items() if power.best is not None}
        if frame.task != "binary" or len(known) < LEAST_FEATURES:
            return []
        first, second = sorted(known, key=lambda name: -known[name])[:2]
        if known[first] < LEAST_AUC:
            return []
        ratio = (known[first] - 0.5) / max(known[second] - 0.5, 0.01)
        words = f"alone has AUC {known[first]:.3f}, {ratio:.1f} times as far from chance as the second, {second} with {known[second]:.3f}"
        rows = shown_rows(frame, np.flatnonzero(~empty(frame.rows.column(first))), [first])
        return [Finding(ratio, words, first, {"auc": known[first], "second": second, "second_auc": known[second], "rows": rows})]

    def passes(self) -> Frame:
        """Return a set whose features tell something each."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set with one column that knows far more than the rest."""
        drawn = sound()
        came = np.asarray(drawn["label"]) + chance(1).normal(0, 0.5, 600)
        return shown(drawn["columns"] | {"calls": came.round(2)}, drawn["label"])
