"""How often rows of each class are recognised, each class counting alike."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Recognised


class BalancedAccuracy(Recognised):
    """The mean over classes of the share of its rows whose most probable class it was; a class without rows is left out.

    Blind to how common a class is, and so to what most decisions are worth.

    Source: Brodersen, Ong, Stephan and Buhmann (2010), The balanced accuracy and its posterior distribution.
    """

    title: ClassVar[str] = "balanced accuracy"
    better: ClassVar[Better] = "higher"

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the mean of the shares."""
        right, _, there = np.split(sums, 3, axis=1)
        shares = np.divide(right, there, out=np.full(right.shape, np.nan), where=there > 0)
        mean: Numbers = np.nanmean(shares, axis=1)
        return mean
