"""Whether answers are too high or too low on the whole."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class Bias(MeanLoss):
    """The mean of answer - truth: in the label's unit, or for a binary task in shares. Above 0 the answers are too high.

    Blind to answers that are too high here and too low there.
    """

    title: ClassVar[str] = "bias (answer minus truth)"
    better: ClassVar[Better] = "nearest"

    def fits(self, asked: Asked) -> bool:
        """Return whether a middle value or a probability is answered."""
        return asked.quantile is None and asked.task != "multiclass"

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the error of each row, with its sign."""
        return answers - truth
