"""The linear model of least absolute deviations: what aims at a mean absolute error."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import Ridge

from shipworthy.training.fitted import Numbers

SMALL = 1e-3  # of the spread of the labels: a deviation below it weighs no more
STILL = 1e-5  # of the loss: a step that brings less is the last


def least_absolute(matrix: Numbers | sparse.csr_matrix, target: Numbers, alpha: float, steps: int) -> tuple[Ridge, bool]:
    """Return the model whose absolute deviations are least in sum, and whether its solver came to an end within `steps`.

    Weighted least squares, again and again, each row weighing one over its last deviation. Labels are scaled by their spread first, so
    that `alpha`, how strongly coefficients are pulled to 0, means the same in minutes and in hours.

    Args:
        matrix: shape (n, k), dense or sparse.
        target: shape (n,).
        alpha: above 0.
        steps: at least 1.

    Source:
        Schlossmacher (1973), An iterative technique for absolute deviations curve fitting.

    >>> rows = np.arange(50.0).reshape(-1, 1)
    >>> labels = 3 * rows[:, 0] + 1 + np.where(np.arange(50) == 7, 1e6, 0.0)
    >>> model, ended = least_absolute(rows, labels, alpha=1e-6, steps=100)
    >>> round(float(model.coef_[0]), 2), round(float(model.intercept_), 1), ended
    (3.0, 1.0, True)
    """
    low, middle, high = np.quantile(target, [0.25, 0.5, 0.75])
    spread = float(high - low) or float(np.abs(target - middle).mean()) or 1.0
    found, ended = _solved(_with_ones(matrix), (target - middle) / spread, alpha, steps)
    model = Ridge(alpha=alpha)
    model.coef_, model.intercept_ = found[:-1] * spread, float(found[-1] * spread + middle)
    model.n_features_in_ = matrix.shape[1]
    return model, ended


def _solved(rows: Any, labels: Numbers, alpha: float, steps: int) -> tuple[Numbers, bool]:
    pull = np.full(rows.shape[1], alpha)
    pull[-1] = 1e-12  # the intercept is free
    weight, last = np.ones(len(labels)), np.inf
    found: Numbers = np.zeros(rows.shape[1])
    for _ in range(steps):
        weighted = rows.multiply(weight[:, None]).tocsr() if sparse.issparse(rows) else rows * weight[:, None]
        squares = weighted.T @ rows
        full = squares.toarray() if sparse.issparse(squares) else squares
        found = np.linalg.solve(full + np.diag(pull), weighted.T @ labels)
        deviations = np.abs(labels - rows @ found)
        loss = float(deviations.sum() + alpha * (found[:-1] ** 2).sum())
        if last - loss <= STILL * abs(loss):
            return found, True
        weight, last = 1 / np.maximum(deviations, SMALL), loss
    return found, False


def _with_ones(matrix: Any) -> Any:
    ones: npt.NDArray[np.float64] = np.ones((matrix.shape[0], 1))
    return sparse.hstack([matrix, ones]).tocsr() if sparse.issparse(matrix) else np.hstack([np.asarray(matrix), ones])
