"""How well a quantile is met."""

from typing import ClassVar

from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class Pinball(MeanLoss):
    """The mean pinball loss of the quantile, in the label's unit: lowest for the true quantile.

    Blind to where a quantile is too high and where too low: `coverage` and slices tell.

    Source: Koenker and Bassett (1978), Regression quantiles.
    """

    title: ClassVar[str] = "pinball loss"
    better: ClassVar[Better] = "lower"

    def fits(self, asked: Asked) -> bool:
        """Return whether a quantile is answered."""
        return asked.quantile is not None

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the pinball loss of each row."""
        return losses("pinball", truth, answers, quantile=asked.quantile)
