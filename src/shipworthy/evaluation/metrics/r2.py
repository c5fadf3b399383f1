"""How much of what differs between rows the answers explain."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, SumMetric, ratio


class Explained(SumMetric):
    """R²: 1 minus the sum of squared errors over that of the mean of the rows; below 0 the mean itself would be nearer.

    Blind to how far off answers are in the label's unit: where rows hardly differ it is low whatever the answers.

    Source: Wright (1921), the coefficient of determination.
    """

    title: ClassVar[str] = "R² (share explained)"
    better: ClassVar[Better] = "higher"

    def fits(self, asked: Asked) -> bool:
        """Return whether a middle value is answered."""
        return asked.task == "regression" and asked.quantile is None

    def columns(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the squared error, the truth from the mean of all rows, its square, and 1."""
        apart = truth - asked.base
        return np.column_stack([(answers - truth) ** 2, apart, apart**2, np.ones(len(truth))])

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return 1 minus the share that is not explained; NaN where all rows came out alike."""
        off, first, second, rows = sums.T
        return 1 - ratio(off, second - ratio(first**2, rows))
