"""Labels of which one hardly occurs."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner


class Imbalance(TrainingCheck):
    """Rows of the rarer label of a binary task.

    Refuses where there are fewer than 10 of them, of which nobody can learn or judge anything; reports fewer than 50.

    Fires when a label hardly ever comes true, or its SQL lost the cases.
    Blind to a rare case inside a common label, and to labels that are no yes or no.
    """

    unit = "rows of the rarer label"
    refuses = Bound(low=10)
    notes = Bound(low=50)
    of_label = True
    fix = "look at the label's SQL; if it is right so, take more history, or a label that comes true more often"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for a binary task, none for another."""
        if frame.task != "binary":
            return []
        ones = int(np.sum(frame.label == 1))
        rarer = min(ones, len(frame.label) - ones)
        share = rarer / len(frame.label)
        return [
            Finding(rarer, f"has {rarer:,} rows of the rarer label among {len(frame.label):,} ({share:.2%})", evidence={"share": share})
        ]

    def passes(self) -> Frame:
        """Return a set with enough of both."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set in which 9 of 600 came true."""
        drawn = sound()
        return shown(drawn["columns"], [int(number % 67 == 0) for number in range(600)])
