"""Precision and recall in one number."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Acted, Asked, Better, Numbers, ratio


class F1(Acted):
    """The harmonic mean of precision and recall. Blind to what mistakes cost: it takes both for equally dear.

    Source: van Rijsbergen (1979), Information retrieval, chapter 7: the effectiveness measure.
    """

    title: ClassVar[str] = "F1 at the threshold"
    better: ClassVar[Better] = "higher"

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the mean."""
        return ratio(2 * sums[:, 0], 2 * sums[:, 0] + sums[:, 1] + sums[:, 2])
