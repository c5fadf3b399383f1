"""How far what was said is from what came true, group by group."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, SumMetric, ratio

BINS = 10


class CalibrationError(SumMetric):
    """The expected calibration error (ECE): the mean distance of mean answer and share that came true, in ten bins of equal width.

    Blind to answers that are off within a bin, and never quite 0 for a finite number of rows: small samples look worse than they are, and
    rows drawn again worse still. So its interval does not begin where that of the draws does, but with the least error of all sets of ten
    distances that the rows do not rule out together: at 0 where calibrated answers are among them.

    Source: Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning; its bias: Roelofs, Cain,
    Shlens and Mozer (2022), Mitigating bias in calibration error estimation. The interval: Scheffé (1953), the range of a function
    over a joint confidence set, here of the sum of absolute distances, its size drawn again (Beran, 1988).
    """

    title: ClassVar[str] = "calibration error"
    better: ClassVar[Better] = "lower"

    def fits(self, asked: Asked) -> bool:
        """Return whether probabilities are answered."""
        return asked.task == "binary"

    def columns(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return answer minus truth in the bin of the row, 0 in the others, and 1."""
        place = np.clip(np.nan_to_num(answers) * BINS, 0, BINS - 1).astype(np.int64)
        inside = place[:, None] == np.arange(BINS)
        return np.column_stack([np.where(inside, (answers - truth)[:, None], 0.0), np.ones(len(truth))])

    def away(self, sums: Numbers, asked: Asked) -> Numbers | None:
        """Return the sum of how far the distance of each bin is from that of the rows as they are: the error cannot be farther away."""
        means = sums[:, :BINS] / np.maximum(sums[:, BINS:], 1.0)
        apart: Numbers = np.abs(means - means[0]).sum(axis=1)
        return apart

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the distances, weighted by the rows of each bin."""
        return ratio(np.abs(sums[:, :BINS]).sum(axis=1), sums[:, BINS])
