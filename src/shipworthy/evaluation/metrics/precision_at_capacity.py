"""How many of those that can be acted on come true."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Ranking, RankMetric, ratio


class PrecisionAtCapacity(RankMetric):
    """The share that came true among the rows with the highest answers, as many as can be acted on (`evaluation.capacity`).

    Of equal answers at the edge a like share counts. Blind to the rows below, and to the order within.
    """

    title: ClassVar[str] = "precision within capacity"
    better: ClassVar[Better] = "higher"

    def fits(self, asked: Asked) -> bool:
        """Return whether somebody said how many rows can be acted on."""
        return asked.task == "binary" and asked.capacity is not None

    def of(self, ranking: Ranking, asked: Asked) -> Numbers:
        """Return the number; NaN where nothing can be acted on."""
        share = asked.capacity or 0.0
        return ratio(ranking.reached(share), share * ranking.all_rows)
