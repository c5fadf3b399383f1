"""How pure the top of the ranking is, wherever one stops."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Ranking, RankMetric, ratio


class AveragePrecision(RankMetric):
    """The mean over all that came true of the precision at its place in the ranking; at random it is the share that comes true.

    Blind to whether the probabilities are right, and to the order of what did not come true.

    Source: Davis and Goadrich (2006), without interpolation.
    """

    title: ClassVar[str] = "average precision"
    better: ClassVar[Better] = "higher"

    def of(self, ranking: Ranking, asked: Asked) -> Numbers:
        """Return the sum of the steps of recall, each times the precision there."""
        steps = np.diff(ranking.positives, prepend=0.0)
        precision = np.divide(ranking.positives, ranking.rows, out=np.zeros(ranking.rows.shape), where=ranking.rows > 0)
        return ratio((steps * precision).sum(axis=1), ranking.all_positives)
