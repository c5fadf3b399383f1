"""Answers taken apart, against the definition and against each other."""

from itertools import combinations
from math import factorial

import lightgbm
import numpy as np
import pytest

from shipworthy.registry.explaining.explained import Explained, Numbers, from_scale, on_scale
from shipworthy.registry.explaining.explainer import explainer_for
from shipworthy.registry.explaining.sampling import Asked
from shipworthy.registry.explaining.trees import Trees

RANDOM = np.random.default_rng(3)
BACKGROUND = RANDOM.normal(size=(30, 4))
ROWS = RANDOM.normal(size=(6, 4))


def crossed(matrix: Numbers) -> Numbers:
    """Return answers in which features act together."""
    return matrix[:, 0] * matrix[:, 1] + np.maximum(matrix[:, 2], 0) * matrix[:, 0] - 2 * matrix[:, 3]


def shapley(answer: object, row: Numbers, background: Numbers) -> Numbers:
    """Return the Shapley values of `row` by their definition: over all sets of features."""
    width, values = len(row), np.zeros(len(row))

    def worth(known: tuple[int, ...]) -> float:
        mixed = background.copy()
        mixed[:, known] = row[list(known)]
        return float(answer(mixed).mean())  # type: ignore[operator]

    for feature in range(width):
        others = [other for other in range(width) if other != feature]
        for size in range(width):
            weight = factorial(size) * factorial(width - size - 1) / factorial(width)
            values[feature] += sum(weight * (worth((*known, feature)) - worth(known)) for known in combinations(others, size))
    return values


def booster(objective: str, target: Numbers, matrix: Numbers) -> lightgbm.Booster:
    said = {"objective": objective, "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5}
    return lightgbm.train(said, lightgbm.Dataset(matrix, target), num_boost_round=20)


def test_paths_come_close_to_the_definition() -> None:
    """
    Where features act together, the values along paths are those over all sets of features but for chance, and add up exactly.
    """
    asked = Asked(crossed, BACKGROUND, "label")

    found = asked.explain(ROWS)
    by_definition = np.array([shapley(crossed, row, BACKGROUND) for row in ROWS])

    assert not asked.additive
    assert found.apart is not None
    assert found.apart < 1e-12
    assert np.abs(found.contributions - by_definition).max() < 0.35
    assert np.corrcoef(found.contributions.ravel(), by_definition.ravel())[0, 1] > 0.99


def test_a_linear_model_is_explained_exactly() -> None:
    """
    On its log-odds a logistic model is a sum of terms: coefficient times the distance from the mean of the background, to the last digits.
    """
    weights = np.array([0.5, -2.0, 0.0, 1.0])
    asked = Asked(lambda matrix: from_scale(matrix @ weights - 0.3, "log-odds"), BACKGROUND, "log-odds")

    found = asked.explain(ROWS)

    assert asked.additive
    assert np.allclose(found.contributions, (ROWS - BACKGROUND.mean(axis=0)) * weights, atol=1e-9)
    assert found.adds_up


def test_a_row_where_a_sum_of_terms_is_none_is_asked_along_paths() -> None:
    """
    A model that is a sum for the background and not for this row still adds up there.
    """
    asked = Asked(lambda matrix: matrix.sum(axis=1) + 5.0 * (matrix > 100).all(axis=1), BACKGROUND, "label")

    found = asked.explain(np.full((1, 4), 200.0))

    assert asked.additive
    assert found.adds_up


@pytest.mark.parametrize(("objective", "scale"), [("regression_l1", "label"), ("binary", "log-odds"), ("poisson", "log")])
def test_trees_add_up_on_their_scale(objective: str, scale: str) -> None:
    """
    Base and contributions give the raw answer, and from the scale the answer itself, missing values among them.
    """
    matrix = RANDOM.normal(size=(400, 4))
    matrix[::7, 1] = np.nan
    target = (matrix[:, 0] > 0).astype(float) + (objective == "regression_l1") * matrix[:, 3]
    model = booster(objective, target, matrix)

    found = Trees(model).explain(matrix)

    assert found.scale == scale
    assert found.adds_up
    assert np.allclose(from_scale(found.answers, found.scale), model.predict(matrix), atol=1e-12)


def test_trees_and_paths_agree_on_what_matters() -> None:
    """
    For one tree model the two ways name the same weightiest feature of a row, nearly always.
    """
    matrix = RANDOM.normal(size=(500, 4))
    model = booster("regression", 3 * matrix[:, 0] + matrix[:, 1] * matrix[:, 2], matrix)
    answer = model.predict
    own = explainer_for("lightgbm", model.model_to_string().encode(), answer, BACKGROUND, "regression").explain(matrix[:60])
    asked = explainer_for("skops", b"", answer, BACKGROUND, "regression").explain(matrix[:60])

    agree = np.abs(own.contributions).argmax(axis=1) == np.abs(asked.contributions).argmax(axis=1)

    assert agree.mean() > 0.8


def test_the_same_question_gets_the_same_values() -> None:
    """
    What is drawn is drawn from a fixed seed: twice asked, bit for bit the same.
    """
    first, second = (Asked(crossed, BACKGROUND, "label").explain(ROWS) for _ in range(2))

    assert np.array_equal(first.contributions, second.contributions)


def test_contributions_that_miss_the_answer_are_found() -> None:
    """
    A sum that is off, one that is not finite, and no rows at all do not add up.
    """
    right, wrong, lost = (Explained("label", 1.0, np.array([[added]]), np.array([3.0])) for added in (2.0, 2.1, np.nan))

    assert right.adds_up
    assert not wrong.adds_up
    assert not lost.adds_up
    assert not Explained("label", 1.0, np.empty((0, 1)), np.empty(0)).adds_up


def test_without_a_background_nothing_is_guessed() -> None:
    """
    A model that must be compared with rows, and has none, is refused.
    """
    with pytest.raises(ValueError, match="no background"):
        Asked(crossed, np.empty((0, 4)), "label")


def test_scales_go_there_and_back() -> None:
    """
    A probability comes back from its log-odds; certainty stays finite.
    """
    shares = np.array([0.0, 0.25, 1.0])

    assert np.isfinite(on_scale(shares, "log-odds")).all()
    assert np.allclose(from_scale(on_scale(shares, "log-odds"), "log-odds"), shares)


def test_of_several_classes_the_most_probable_of_each_row_is_explained() -> None:
    """
    Trees give its score, any other model its log-odds; both add up for each row, and the classes that are explained are the answered ones.
    """
    matrix = RANDOM.normal(size=(300, 4))
    target = np.digitize(crossed(matrix), [-1, 1]).astype(float)
    said = {"objective": "multiclass", "num_class": 3, "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5}
    trees = lightgbm.train(said, lightgbm.Dataset(matrix, target), num_boost_round=20)

    def answer(rows: Numbers) -> Numbers:
        return np.asarray(trees.predict(rows, num_threads=1)).reshape(len(rows), 3)

    own = explainer_for("lightgbm", trees.model_to_string().encode(), answer, BACKGROUND, "multiclass").explain(ROWS)
    asked = explainer_for("skops", b"", answer, BACKGROUND, "multiclass").explain(ROWS)
    codes = answer(ROWS).argmax(axis=1)

    assert (own.scale, asked.scale) == ("score", "log-odds")
    assert (own.codes == codes).all()
    assert (asked.codes == codes).all()
    assert own.adds_up
    assert asked.adds_up
    assert from_scale(asked.answers, "log-odds") == pytest.approx(answer(ROWS).max(axis=1))
    assert len(set(own.bases.tolist())) == len(set(codes.tolist()))
