"""How far off answers are, on average."""

from typing import ClassVar

from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class MeanAbsoluteError(MeanLoss):
    """The mean of |answer - truth|, in the label's unit. Blind to which way answers are off."""

    title: ClassVar[str] = "mean absolute error"
    better: ClassVar[Better] = "lower"

    def fits(self, asked: Asked) -> bool:
        """Return whether a middle value is answered."""
        return asked.task == "regression" and asked.quantile is None

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the absolute error of each row."""
        return losses("mae", truth, answers)
