"""How many actions were right."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Acted, Asked, Better, Numbers, ratio


class Accuracy(Acted):
    """The share of rows that were rightly acted on or let be. Blind to what mistakes cost, and flattering where one outcome is rare."""

    title: ClassVar[str] = "accuracy at the threshold"
    better: ClassVar[Better] = "higher"

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the share."""
        return ratio(sums[:, 0] + sums[:, 3], sums.sum(axis=1))
