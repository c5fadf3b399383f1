"""How many of those acted on came true."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Acted, Asked, Better, Numbers, ratio


class Precision(Acted):
    """The share of rows acted on that came true; not known where none was. Blind to those that were missed: `recall` tells.

    Source: Cleverdon (1967), precision and recall.
    """

    title: ClassVar[str] = "precision at the threshold"
    better: ClassVar[Better] = "higher"

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the share."""
        return ratio(sums[:, 0], sums[:, 0] + sums[:, 1])
