"""The fit: real LightGBM on made-up rows whose truth is known."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from shipworthy.errors import BadData, BadSpec
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.base import Aim
from shipworthy.training.learners.lightgbm import LightGBM
from shipworthy.training.split import time_split

N = 4000
AS_OF = datetime(2013, 12, 31, tzinfo=UTC)
TIMES = np.datetime64("2013-01-01", "us") + np.arange(N) * np.timedelta64(1800, "s").astype("timedelta64[us]")
SPLIT = time_split(TIMES, timedelta(days=14), timedelta(days=1), as_of=AS_OF)
FEATURES = ["departure delay", "wind:speed", "carrier", "noise"]
SMALL = {"num_iterations": 120, "min_data_in_leaf": 20, "num_leaves": 15}


def rows(seed: int = 1) -> Rows:
    """Return rows whose target follows the first feature and the carrier, with missing values in the second."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(N, 4))
    matrix[:, 2] = rng.integers(0, 6, N)
    matrix[rng.random(N) < 0.2, 1] = np.nan
    target = 10 * matrix[:, 0] + np.array([0, 5, -5, 20, 3, -9])[matrix[:, 2].astype(int)] + rng.normal(size=N)
    return Rows(matrix, target, FEATURES, categorical=[2])


def fitted(given: Rows, metric: str = "mae", task: str = "regression", **more):
    """Fit with the parameters of the tests."""
    return LightGBM().fit(given, SPLIT, aim=Aim(task, metric, 3, "ml/late/model.yml: training.parameters"), said=SMALL | more)


def test_it_learns_what_is_there_to_learn():
    """
    The model finds numbers and categories, lives with missing values, and its importance names every feature.
    """
    given = rows()
    model = fitted(given)

    off = np.abs(model.answers(given.matrix[SPLIT.holdout]) - given.target[SPLIT.holdout]).mean()

    assert off < 2.5
    assert list(model.importance) == FEATURES
    assert min(model.importance["departure delay"], model.importance["carrier"]) > 10 * max(1.0, model.importance["noise"])


def test_curves_follow_the_search_and_the_tail_chooses():
    """
    There is a point of each curve for each tree, and the number of trees is where the tail was lowest.
    """
    model = fitted(rows())

    assert len(model.curves["learn"]) == len(model.curves["tail"]) >= model.iterations
    assert model.curves["tail"][model.iterations - 1] == min(model.curves["tail"])
    assert model.content.count(b"Tree=") == model.iterations == model.parameters["num_iterations"]


def test_the_same_rows_give_the_same_model():
    """
    A fit can be repeated: same rows, parameters and seed, same text, bit for bit.
    """
    assert fitted(rows()).content == fitted(rows()).content


def test_the_holdout_and_the_gap_cannot_move_the_model():
    """
    Whatever stands in the holdout and in the gap, the model stays the same: it has not looked.
    """
    given = rows()
    disturbed = rows()
    disturbed.matrix[~SPLIT.fit] = 1e6
    disturbed.target[~SPLIT.fit] = -1e6

    assert fitted(given).content == fitted(disturbed).content


def test_a_permuted_label_comes_out_no_better_than_the_median():
    """
    Where there is nothing to learn, the model does not beat a constant: the way to the figures leaks nothing.
    """
    given = rows()
    shuffled = Rows(given.matrix, np.random.default_rng(5).permutation(given.target), FEATURES, [2])
    answers = fitted(shuffled).answers(shuffled.matrix[SPLIT.holdout])
    truth = shuffled.target[SPLIT.holdout]

    rule = np.abs(truth - np.median(shuffled.target[SPLIT.fit])).mean()
    assert np.abs(truth - answers).mean() > 0.98 * rule


@pytest.mark.parametrize("metric", ["log_loss", "brier"])
def test_a_binary_model_answers_probabilities(metric):
    """
    A binary model answers shares between 0 and 1 that are right on average.
    """
    given = rows()
    late = Rows(given.matrix, (given.target > 5).astype(float), FEATURES, [2])

    answers = fitted(late, metric, "binary").answers(late.matrix[SPLIT.holdout])

    assert ((answers > 0) & (answers < 1)).all()
    assert abs(answers.mean() - late.target[SPLIT.holdout].mean()) < 0.05


def test_an_unseen_or_missing_category_gets_an_answer():
    """
    A category without a code is missing, and missing is no reason to fall silent.
    """
    given = rows()
    strange = given.matrix[:3].copy()
    strange[:, 2] = [np.nan, 99, 2]

    assert np.isfinite(fitted(given).answers(strange)).all()


@pytest.mark.parametrize(
    ("task", "metric", "value", "words"),
    [
        ("regression", "mae", np.nan, "1 of .* labels are null"),
        ("binary", "log_loss", 2.0, "a label is .*; a binary model learns from 0 and 1"),
    ],
)
def test_a_label_that_is_none_is_refused(task, metric, value, words):
    """
    A null label, or one beside 0 and 1 in a binary task, is refused before the fit.
    """
    given = rows()
    target = (given.target > 0).astype(float)
    target[5] = value

    with pytest.raises(BadData, match=words):
        fitted(Rows(given.matrix, target, FEATURES, [2]), metric, task)


def test_a_constant_label_is_refused():
    """
    A label that never changes teaches nothing.
    """
    with pytest.raises(BadData, match=r"all .* labels are 4: there is nothing to learn"):
        fitted(Rows(rows().matrix, np.full(N, 4.0), FEATURES, [2]))


@pytest.mark.parametrize("said", [{"learning_rate": "fast"}, {"num_leaves": 1}, {"num_iterations": 0}, {"num_iterations": "many"}])
def test_a_value_that_cannot_be_is_refused(said):
    """
    A parameter with an impossible value is refused with its place, not with a stack of another library.
    """
    with pytest.raises(BadSpec, match=r"training\.parameters"):
        fitted(rows(), **said)


def test_without_early_stopping_all_trees_are_tried():
    """
    With a patience of 0 the search goes on to its last tree, and the best number still wins.
    """
    model = fitted(rows(), early_stopping_round=0, num_iterations=30)

    assert len(model.curves["tail"]) == 30
    assert model.iterations <= 30


def test_a_refit_learns_from_every_row_with_as_many_trees():
    """
    What is deployed has learnt from the holdout too; it has the same number of trees, and can be made again.
    """
    given = rows()
    model = fitted(given)

    again = LightGBM().refit(given, model, aim=Aim("regression", "mae"))

    assert again.content != model.content
    assert again.content == LightGBM().refit(given, model, aim=Aim("regression", "mae")).content
    assert again.content.count(b"Tree=") == again.iterations == model.iterations


def test_a_quantile_is_learnt_as_asked():
    """
    With the metric pinball nine of ten outcomes lie below the answer for the quantile 0.9, and one of ten for 0.1.
    """
    given = rows()
    below = {}
    for quantile in (0.1, 0.9):
        aim = Aim("regression", "pinball", 3, "ml/late/model.yml: training.parameters", quantile)
        model = LightGBM().fit(given, SPLIT, aim=aim, said=SMALL)
        below[quantile] = (given.target[SPLIT.holdout] <= model.answers(given.matrix[SPLIT.holdout])).mean()

    assert below[0.1] < 0.3
    assert below[0.9] > 0.7


@pytest.mark.parametrize("way", [1, -1])
def test_what_is_monotone_is_followed_that_way_by_construction(way):
    """
    Noise that is declared to rise, or to fall, with the answer never goes the other way, whatever the other values; also when learnt anew.
    """
    given = rows()
    aim = Aim("regression", "mse", 3, monotone={"noise": way, "carrier": 1})
    model = LightGBM().fit(given, SPLIT, aim=aim, said=SMALL)

    for one in (model, LightGBM().refit(given, model, aim=aim)):
        assert (way * _steps(one, given) >= 0).all()
    assert model.parameters["monotone_constraints"] == f"0,0,0,{way}"


def test_what_nobody_declared_goes_both_ways():
    """
    Without a declaration the answer to noise goes up and down, and no constraint is told.
    """
    given = rows()
    model = fitted(given, metric="mse")

    assert (_steps(model, given) > 0).any()
    assert (_steps(model, given) < 0).any()
    assert "monotone_constraints" not in model.parameters


def test_absolute_errors_cannot_be_held_and_that_is_noted():
    """
    LightGBM refuses constraints where leaves are set anew: the fit is free, and a note says what behaviours have to try.
    """
    model = LightGBM().fit(rows(), SPLIT, aim=Aim("regression", "mae", 3, monotone={"noise": 1}), said=SMALL)

    assert "monotone_constraints" not in model.parameters
    assert "regression_l1" in model.notes[0]
    assert "noise" in model.notes[0]


def _steps(model, given: Rows) -> np.ndarray:
    """Return how the answers to 50 rows move along the values of the last feature."""
    asked = np.repeat(given.matrix[:50], 40, axis=0)
    asked[:, 3] = np.tile(np.linspace(-3, 3, 40), 50)
    return np.diff(model.answers(asked).reshape(50, 40), axis=1)
