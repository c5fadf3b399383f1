"""How often the truth does not exceed a quantile."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, MeanLoss, Numbers


class Coverage(MeanLoss):
    """The share of rows whose truth does not exceed the answer: best where it is the quantile that was asked for.

    Blind to a quantile that is right on the whole and wrong everywhere.
    """

    title: ClassVar[str] = "share at or below the answer"
    better: ClassVar[Better] = "nearest"

    def fits(self, asked: Asked) -> bool:
        """Return whether a quantile is answered."""
        return asked.quantile is not None

    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return whether the truth does not exceed the answer, for each row."""
        return np.where(np.isfinite(truth) & np.isfinite(answers), (truth <= answers).astype(np.float64), np.nan)
