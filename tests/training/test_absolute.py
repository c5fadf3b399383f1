"""Least absolute deviations beside scikit-learn's exact linear program."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import QuantileRegressor

from shipworthy.training.absolute import least_absolute


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(400, 5))
    return matrix, matrix @ np.array([3.0, -2.0, 0.0, 1.0, 0.5]) + 40 + rng.standard_t(2, 400) * 5


def test_its_deviations_are_those_of_the_exact_solution(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    """
    With next to no pull the mean absolute deviation is within a thousandth of the least there is, whatever the unit of the label.
    """
    matrix, target = drawn
    exact = QuantileRegressor(quantile=0.5, alpha=0.0).fit(matrix, target)
    least = np.abs(target - exact.predict(matrix)).mean()

    for unit in (1.0, 60.0, 1e-3):
        model, ended = least_absolute(matrix, target * unit, alpha=1e-9, steps=200)
        assert ended
        assert np.abs(target * unit - model.predict(matrix)).mean() <= 1.001 * least * unit


def test_a_sparse_matrix_is_fitted_as_a_dense_one(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    """
    One-hot columns come sparse; the model is the same.
    """
    matrix, target = drawn
    dense, _ = least_absolute(matrix, target, alpha=1.0, steps=100)
    thin, _ = least_absolute(sparse.csr_matrix(matrix), target, alpha=1.0, steps=100)

    np.testing.assert_allclose(thin.coef_, dense.coef_, rtol=1e-8)


def test_a_stronger_pull_is_a_smaller_coefficient_and_too_few_steps_are_told(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    """
    The pull shrinks; one step is no end.
    """
    matrix, target = drawn
    weak, _ = least_absolute(matrix, target, alpha=1e-6, steps=100)
    strong, ended = least_absolute(matrix, target, alpha=1e4, steps=1)

    assert np.abs(strong.coef_).sum() < np.abs(weak.coef_).sum() / 2
    assert not ended
