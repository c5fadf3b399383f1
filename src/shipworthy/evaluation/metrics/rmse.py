"""How far off answers are, where large misses count more."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class RootMeanSquaredError(MeanLoss):
    """The square root of the mean of (answer - truth)², in the label's unit. Blind to which way answers are off."""

    title: ClassVar[str] = "root mean squared error"
    better: ClassVar[Better] = "lower"

    def fits(self, asked: Asked) -> bool:
        """Return whether a middle value is answered."""
        return asked.task == "regression" and asked.quantile is None

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the squared error of each row."""
        return losses("mse", truth, answers)

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the root of the mean."""
        return np.sqrt(super().of(sums, asked))
