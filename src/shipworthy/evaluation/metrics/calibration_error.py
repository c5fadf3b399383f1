"""How far what was said is from what came true, group by group."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, SumMetric, ratio

BINS = 10


class CalibrationError(SumMetric):
    """The expected calibration error (ECE): the mean distance of mean answer and share that came true, in ten bins of equal width.

    Blind to answers that are off within a bin, and never quite 0 for a finite number of rows: small samples look worse than they are.

    Source: Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning.
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

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the distances, weighted by the rows of each bin."""
        return ratio(np.abs(sums[:, :BINS]).sum(axis=1), sums[:, BINS])
