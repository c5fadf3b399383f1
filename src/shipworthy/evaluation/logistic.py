"""Log odds, and the line through them: what calibration is reckoned with."""

import numpy as np
import numpy.typing as npt
from scipy import optimize

from shipworthy.evaluation.losses import NEVER_SURE

Numbers = npt.NDArray[np.float64]


def logit(answers: Numbers) -> Numbers:
    """Return the log odds of probabilities, kept 1e-6 away from 0 and 1.

    >>> logit(np.array([0.5, 0.75])).round(3).tolist()
    [0.0, 1.099]
    """
    sure = np.clip(answers, NEVER_SURE, 1 - NEVER_SURE)
    odds: Numbers = np.log(sure) - np.log1p(-sure)
    return odds


def sigmoid(score: Numbers) -> Numbers:
    """Return the probabilities of log odds."""
    return np.asarray(0.5 * (1 + np.tanh(score / 2)), dtype=np.float64)


def line(odds: Numbers, target: Numbers) -> tuple[float, float]:
    """Return intercept and slope of the logistic regression of `target`, shares from 0 to 1, on `odds`; both of shape (n,)."""
    design = np.column_stack([np.ones(len(odds)), odds])

    def surprise(at: Numbers) -> tuple[float, Numbers]:
        score = design @ at
        return float((np.logaddexp(0, score) - target * score).mean()), design.T @ (sigmoid(score) - target) / len(odds)

    found = optimize.minimize(surprise, np.array([0.0, 1.0]), jac=True, method="BFGS")
    return float(found.x[0]), float(found.x[1])
