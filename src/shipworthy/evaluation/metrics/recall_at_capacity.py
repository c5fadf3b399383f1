"""How many of those that come true are within reach."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Ranking, RankMetric, ratio


class RecallAtCapacity(RankMetric):
    """The share of all that came true that is among the rows with the highest answers, as many as can be acted on.

    Blind to the order within.
    """

    title: ClassVar[str] = "recall within capacity"
    better: ClassVar[Better] = "higher"

    def fits(self, asked: Asked) -> bool:
        """Return whether somebody said how many rows can be acted on."""
        return asked.task == "binary" and asked.capacity is not None

    def of(self, ranking: Ranking, asked: Asked) -> Numbers:
        """Return the number; NaN where nothing can be acted on."""
        share = asked.capacity or 0.0
        return ratio(ranking.reached(share), ranking.all_positives)
