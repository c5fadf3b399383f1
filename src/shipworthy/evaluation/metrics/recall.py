"""How many of those that came true were acted on."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Acted, Asked, Better, Numbers, ratio


class Recall(Acted):
    """The share of rows acted on among all that came true. Blind to how many were acted on in vain: `precision` tells.

    Source: Cleverdon (1967), precision and recall.
    """

    title: ClassVar[str] = "recall at the threshold"
    better: ClassVar[Better] = "higher"

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the share."""
        return ratio(sums[:, 0], sums[:, 0] + sums[:, 2])
