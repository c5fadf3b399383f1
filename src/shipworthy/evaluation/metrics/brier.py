"""How far probabilities are from what came true."""

from typing import ClassVar

from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class Brier(MeanLoss):
    """The mean of (probability - outcome)². Blind to rare outcomes: where one row in a hundred comes true, 0 is nearly right.

    Source: Brier (1950), Verification of forecasts expressed in terms of probability.
    """

    title: ClassVar[str] = "Brier score"
    better: ClassVar[Better] = "lower"

    def fits(self, asked: Asked) -> bool:
        """Return whether probabilities are answered."""
        return asked.task != "regression"

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the squared error of each row."""
        return losses("brier", truth, answers)
