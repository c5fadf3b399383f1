"""How often the most probable class came true."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class ClassAccuracy(MeanLoss):
    """The share of rows whose most probable class came true.

    Blind to what mistakes cost and to how sure answers are, and flattering where one class is common.
    """

    title: ClassVar[str] = "accuracy"
    better: ClassVar[Better] = "higher"

    def fits(self, asked: Asked) -> bool:
        """Return whether there are several classes."""
        return asked.task == "multiclass"

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return 1 for each row that is right, else 0."""
        right: Numbers = (answers.argmax(axis=1) == truth).astype(np.float64)
        return right
