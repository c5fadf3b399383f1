"""Two versions on the same rows: which was better, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import known_mean, losses
from shipworthy.records import Interval
from shipworthy.spec.part import Metric

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Challenger against champion on the same rows; lower is better, None is not known.

    `difference` is challenger minus champion: below 0 the challenger is better, and surely so if `interval` is.
    """

    metric: Metric
    rows: int
    champion: float | None
    challenger: float | None
    difference: float | None
    interval: Interval | None


def compare(
    metric: Metric,
    times: Times,
    truth: Numbers,
    champion: Numbers,
    challenger: Numbers,
    *,
    quantile: float | None = None,
    level: float = 0.95,
) -> Comparison:
    """Return how `challenger` did beside `champion`, paired row by row.

    Args:
        metric: which loss; lower is better.
        times: decision times, shape (n,), datetime64 in UTC: rows of one day are no independent witnesses.
        truth: what came true, shape (n,).
        champion: what the version in production says to these rows, shape (n,).
        challenger: what the other says, shape (n,).
        quantile: of the metric pinball.
        level: the share of such intervals that hold the truth.

    Raises:
        BadData: the shapes differ, or a probability lies outside 0 to 1.

    >>> days = np.datetime64("2013-01-01", "us") + np.arange(20) * np.timedelta64(1, "D")
    >>> truth = np.zeros(20)
    >>> compare("mae", days, truth, champion=truth + 3, challenger=truth + 1).interval
    Interval(low=-2.0, high=-2.0, level=0.95)
    """
    old, new = losses(metric, truth, champion, quantile=quantile), losses(metric, truth, challenger, quantile=quantile)
    return Comparison(
        metric, len(truth), known_mean(old), known_mean(new), known_mean(new - old), mean_interval(new - old, times, level=level)
    )
