"""How well answers tell a label, for screens and for what a finding costs."""

import numpy as np
from scipy.stats import rankdata

from shipworthy.checks.training_set.base.frame import Numbers
from shipworthy.records import Task


def auc(truth: Numbers, answers: Numbers) -> float | None:
    """Return the chance that a row of label 1 got a higher answer than one of label 0, ties half; None with one label alone.

    Args:
        truth: shape (n,), 0 or 1.
        answers: shape (n,), without NaN.

    Source:
        Mann and Whitney (1947), U / (n1 n0).

    >>> auc(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.4, 0.4, 0.9]))
    0.875
    """
    ones = truth == 1
    positive, negative = int(ones.sum()), int((~ones).sum())
    if not positive or not negative:
        return None
    above = rankdata(answers)[ones].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))


def score(task: Task, truth: Numbers, answers: Numbers) -> float | None:
    """Return the AUC of a binary task, the mean absolute error of another; None where neither can be told."""
    if task == "binary":
        return auc(truth, answers)
    return float(np.abs(truth - answers).mean()) if len(truth) else None


def score_name(task: Task) -> str:
    """Return what `score` is called."""
    return "AUC" if task == "binary" else "mean absolute error"


def better(task: Task, one: float, other: float) -> float:
    """Return by how much the score `one` is better than `other`; negative where it is worse."""
    return one - other if task == "binary" else other - one
