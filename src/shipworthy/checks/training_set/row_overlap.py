"""Rows of the holdout that are among the fitted rows as well."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.equal_rows import equal_rows
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.twins import likeness, same

COPIES = 0.5
NOTED = 0.001
LEAST_FEATURES = 2
LEAST_PAIRS = 5


class RowOverlap(TrainingCheck):
    """Share of the rows of the holdout that are equal in all features to a fitted row; entity, times and label are not compared.

    Reported above one in a thousand and from five rows on. Refused above one in a hundred if it costs something: if the labels of
    such twins agree far more (0.5) than their features say, for then they are copies, and the promise is measured on rows that were
    learnt. Coarse columns repeat honestly, and their labels do not agree: reported. All rows are compared; a sample is fitted.

    Fires when a file was appended twice, or a random split tore copies of one row apart.
    Blind to copies that differ in one column: near_row_overlap looks for them.

    Source: duplicates between training and test set, Kapoor and Narayanan (2023), L1.4.
    """

    unit = "share of the holdout's rows, 0 to 1"
    refuses = Bound(high=0.01)
    notes = Bound(high=NOTED)
    fix = "drop the copies before the split, or split by the group that they form"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding, none where the set is not split or has a single feature."""
        if frame.fit is None or frame.holdout is None or len(frame.features) < LEAST_FEATURES or not frame.holdout.any():
            return []
        pairs = same(equal_rows(frame), frame.fit, frame.holdout)
        share = len(pairs.held) / int(frame.holdout.sum()) if len(pairs.held) >= LEAST_PAIRS else 0.0
        words = f"has {len(pairs.held):,} of {int(frame.holdout.sum()):,} rows of the holdout also among the fitted rows ({share:.2%})"
        if share <= NOTED:
            return [Finding(share, words)]
        alike = likeness(frame, learner, pairs)
        copies = alike is not None and alike.gives_away(COPIES)
        first = np.array([[pairs.fitted[0], pairs.held[0]], [pairs.fitted[-1], pairs.held[-1]]]).ravel()
        rows = shown_rows(frame, first, list(frame.features)[:6])
        said = alike.words() if alike else "too few to say whether that costs anything"
        example = f", for example {rows[1]['entity']} is equal to {rows[0]['entity']}"
        excuse = None if copies else "it costs nothing that can be shown"
        return [Finding(share, f"{words}{example}; {said}", None, {"alike": alike and alike.value, "rows": rows}, excuse=excuse)]

    def passes(self) -> Frame:
        """Return a set without a row that comes twice."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set of which the holdout has every third row from the fitted ones."""
        drawn, source = sound(1200), np.arange(1200)
        source[900::3] = np.arange(300, 400)
        columns = {name: np.asarray(values)[source].tolist() for name, values in drawn["columns"].items()}
        return shown(columns, np.asarray(drawn["label"])[source])
