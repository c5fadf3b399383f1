"""One feature under two names."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.values import Values


class IdenticalFeatures(TrainingCheck):
    """How many other features have the same value in every row, nulls included.

    Fires when a join brings a column twice, or one expression was written in two models.
    Blind to columns that are the same in another unit or spelling: see near_identical_features. Constant columns are no matter of it.
    """

    unit = "features that are the same"
    notes = Bound(high=0)
    fix = "keep one of them in the spec: two share the importance of one, and may part when one of them is changed"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for the first of each group of features alike, and one for all others together."""
        groups = [group for group in identical(frame).values() if len(group) > 1]
        found = [_finding(frame, group) for group in groups]
        return found or ([Finding(0.0, f"has {len(frame.features)} features, no two the same")] if frame.features else [])

    def passes(self) -> Frame:
        """Return a set of different columns."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set with a column that is there twice."""
        drawn = sound()
        return shown(drawn["columns"] | {"amount_again": drawn["columns"]["amount"]}, drawn["label"])


def identical(frame: Frame) -> Mapping[str, list[str]]:
    """Return the features that differ from row to row, each group of those alike in every row by the name of its first."""
    groups: dict[str, list[str]] = {}
    for name in frame.features:
        if frame.values[name].distinct + bool(frame.values[name].nulls) > 1:
            first = next((first for first in groups if _same(frame, first, name)), name)
            groups.setdefault(first, []).append(name)
    return groups


def _same(frame: Frame, one: str, other: str) -> bool:
    texts = [frame.features[name].kind == "text" for name in (one, other)]
    if texts[0] != texts[1] or _shape(frame.values[one]) != _shape(frame.values[other]):
        return False
    if texts[0]:
        left, right = (frame.rows.column(name).cast(pa.string()) for name in (one, other))
        return bool(left.equals(right))
    return np.array_equal(frame.numbers(one), frame.numbers(other), equal_nan=True)


def _shape(found: Values) -> tuple[int, int, int]:
    return found.distinct, found.nulls, int(found.counts.max())


def _finding(frame: Frame, group: Sequence[str]) -> Finding:
    first, *others = group
    words = f"is the same as {', '.join(others)} in all {frame.rows.num_rows:,} rows"
    return Finding(float(len(others)), words, first, {"rows": shown_rows(frame, range(3), group)}, columns=others)
