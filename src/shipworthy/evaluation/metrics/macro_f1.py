"""Precision and recall of each class in one number, each class counting alike."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Recognised


class MacroF1(Recognised):
    """The mean over classes of F1: twice the recognised rows, over those of the class and those taken for it.

    A class without either is left out. Blind to how common a class is, to what mistakes cost, and to how sure answers are.

    Source: Sokolova and Lapalme (2009), A systematic analysis of performance measures for classification tasks (mean of the classes' F1).
    """

    title: ClassVar[str] = "macro F1"
    better: ClassVar[Better] = "higher"

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the mean of the classes' F1."""
        right, taken, there = np.split(sums, 3, axis=1)
        both = taken + there
        scores = np.divide(2 * right, both, out=np.full(right.shape, np.nan), where=both > 0)
        mean: Numbers = np.nanmean(scores, axis=1)
        return mean
