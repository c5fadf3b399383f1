"""How far probabilities are from what comes true."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.logistic import line, logit, sigmoid
from shipworthy.evaluation.resampling import Blocks, Codes, Times, blocks_of
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]

GROUPS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well probabilities are calibrated.

    `groups` has, for ten groups of rows with like answers, the mean answer, the share that came true with its interval (None where not
    known), and the rows. `slope` is 1 and `intercept` 0 where answers are calibrated: with a slope below 1 they are too sure
    of themselves, with an intercept above 0 too low. None where they cannot be told.
    """

    groups: tuple[tuple[float, float, Interval | None, int], ...]
    slope: float | None
    intercept: float | None
    slope_interval: Interval | None
    intercept_interval: Interval | None


def reliability(truth: Numbers, answers: Numbers, times: Times, *, together: Codes | None = None, level: float = 0.95) -> Reliability:
    """Return how well `answers` are calibrated, with intervals.

    Source:
        Cox (1958), Two further applications of a model for binary regression: intercept (with the slope at 1) and slope of a logistic
        regression of the outcome on the log odds; their intervals by the sandwich of sums over days or groups, Liang and Zeger (1986).
    """
    order = np.argsort(answers, kind="stable")
    groups = []
    for rows in (part for part in np.array_split(order, GROUPS) if len(part)):
        sure = mean_interval(truth[rows], times[rows], together=None if together is None else together[rows], level=level)
        groups.append((float(answers[rows].mean()), float(truth[rows].mean()), sure, len(rows)))
    if not len(truth) or truth.min() == truth.max():
        return Reliability(tuple(groups), None, None, None, None)
    odds, blocks = logit(answers), blocks_of(times, together)
    both = line(odds, truth)
    above = _shift(odds, truth)
    slope, shift = _error(odds, truth, both, blocks)[1], _error_of_shift(odds, truth, above, blocks)
    reach = _reach(blocks, level)
    return Reliability(tuple(groups), both[1], above, _around(both[1], slope * reach, level), _around(above, shift * reach, level))


def _shift(odds: Numbers, truth: Numbers) -> float:
    """Return by how much all log odds must be moved for the mean answer to be the mean truth."""
    return float(optimize.brentq(lambda by: float((sigmoid(odds + by) - truth).mean()), -40.0, 40.0))


def _error(odds: Numbers, truth: Numbers, at: tuple[float, float], blocks: Blocks) -> Numbers:
    """Return the standard errors of intercept and slope, rows of a block taken together."""
    design = np.column_stack([np.ones(len(odds)), odds])
    said = sigmoid(design @ np.array(at))
    bread = np.linalg.pinv(design.T @ (design * (said * (1 - said))[:, None]))
    sums = blocks.sums(design * (truth - said)[:, None])
    errors: Numbers = np.sqrt(np.diag(bread @ (sums.T @ sums) @ bread))
    return errors


def _error_of_shift(odds: Numbers, truth: Numbers, by: float, blocks: Blocks) -> float:
    said = sigmoid(odds + by)
    sums = blocks.sums((truth - said)[:, None])
    return float(math.sqrt((sums**2).sum()) / (said * (1 - said)).sum())


def _reach(blocks: Blocks, level: float) -> float:
    """Return how many standard errors an interval reaches: a t quantile for the number of blocks; NaN where they are too few."""
    return blocks.reach(level) if blocks.enough else math.nan


def _around(value: float, reach: float, level: float) -> Interval | None:
    return Interval(value - reach, value + reach, level) if math.isfinite(reach) else None
