"""How much better than chance the top of the ranking is."""

from typing import ClassVar

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Ranking, RankMetric, ratio


class LiftAtCapacity(RankMetric):
    """Precision within capacity over the share that comes true anyway: 1 is no better than to act at random. Blind to the rows below."""

    title: ClassVar[str] = "lift within capacity"
    better: ClassVar[Better] = "higher"

    def fits(self, asked: Asked) -> bool:
        """Return whether somebody said how many rows can be acted on."""
        return asked.task == "binary" and asked.capacity is not None

    def of(self, ranking: Ranking, asked: Asked) -> Numbers:
        """Return the number; NaN where nothing can be acted on."""
        share = asked.capacity or 0.0
        return ratio(ranking.reached(share), share * ranking.all_positives)
