"""Whether what came true is ranked above what did not."""

from typing import ClassVar

import numpy as np

from shipworthy.evaluation.metrics.base import Asked, Better, Numbers, Ranking, RankMetric, ratio


class AreaUnderROC(RankMetric):
    """The chance that a row that came true has a higher answer than one that did not; ties count half.

    Blind to whether the probabilities are right: only their order counts.

    Source: Hanley and McNeil (1982), the area under a receiver operating characteristic curve.
    """

    title: ClassVar[str] = "AUC (ROC)"
    better: ClassVar[Better] = "higher"

    def of(self, ranking: Ranking, asked: Asked) -> Numbers:
        """Return the area by trapezoids, one for each run of equal answers."""
        negatives = ranking.rows - ranking.positives
        steps = np.diff(negatives, prepend=0.0)
        middles = ranking.positives - np.diff(ranking.positives, prepend=0.0) / 2
        return ratio((steps * middles).sum(axis=1), ranking.all_positives * negatives[:, -1])
