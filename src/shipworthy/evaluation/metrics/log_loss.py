"""How surprised one is by what comes true after such probabilities."""

from typing import ClassVar

from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class LogLoss(MeanLoss):
    """The mean of minus the logarithm of the probability given to what came true, in nats.

    Blind to nothing in particular, and hard to read: a wrong certainty costs much.

    Source: Good (1952), Rational decisions.
    """

    title: ClassVar[str] = "log loss"
    better: ClassVar[Better] = "lower"

    def fits(self, asked: Asked) -> bool:
        """Return whether probabilities are answered."""
        return asked.task != "regression"

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the log loss of each row."""
        return losses("log_loss", truth, answers)
