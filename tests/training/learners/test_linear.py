"""The linear model: aims at the metric, is not led astray by tails, and can be read from its file."""

import warnings

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.errors import BadSpec
from shipworthy.gateways import estimators
from shipworthy.training import pipeline
from shipworthy.training.fitted import Rows
from shipworthy.training.learners import linear
from shipworthy.training.learners.base import Aim
from shipworthy.training.learners.linear import Linear

from .test_every_learner import SPLIT, N, learnt, table

MAE, MSE = Aim("regression", "mae", 3), Aim("regression", "mse", 3)


def numbers(*columns):
    """Return the matrix of `columns` as rows to learn from, without a target."""
    return np.column_stack(columns)


def fitted(matrix, target, aim, **said):
    """Fit the linear model."""
    names = [f"x{place}" for place in range(matrix.shape[1])]
    return Linear().fit(Rows(matrix, target, names), SPLIT, aim=aim, said=said)


def test_it_aims_at_the_metric():
    """
    Where noise is skewed, the fit for mae answers near the median and the fit for mse near the mean.
    """
    random = np.random.default_rng(1)
    x = random.normal(size=N)
    target = 5 * x + random.exponential(10, N)
    off = {aim.metric: target - fitted(x[:, None], target, aim).answers(x[:, None]) for aim in (MAE, MSE)}

    assert abs(off["mse"][SPLIT.fit].mean()) < 0.3
    assert abs(np.median(off["mae"][SPLIT.fit])) < 0.7
    assert off["mae"].mean() > 2


def test_one_absurd_label_does_not_bend_a_fit_for_mae():
    """
    A label of a billion moves the line for mae by next to nothing.
    """
    random = np.random.default_rng(1)
    x = random.normal(size=(N, 1))
    target = 5 * x[:, 0] + random.normal(size=N)
    bent = target.copy()
    bent[10] = 1e9

    off = np.abs(fitted(x, bent, MAE).answers(x) - fitted(x, target, MAE).answers(x))

    assert off.max() < 0.5


def test_a_heavy_tail_among_the_features_hides_no_signal():
    """
    A feature whose largest values are a million times the usual still tells what it tells.
    """
    random = np.random.default_rng(1)
    x = np.exp(3 * random.normal(size=N))
    target = 4 * np.log(x) + random.normal(size=N)

    answers = fitted(x[:, None], target, MSE).answers(x[:, None])

    assert pipeline.heavy_tailed(x)
    assert np.corrcoef(answers, target)[0, 1] > 0.98


def test_its_file_says_the_same_and_names_only_what_is_trusted():
    """
    The pipeline read back from its file, with preprocessing inside it, answers raw values digit for digit, with no type to be trusted.
    """
    raw, follows = table()
    model, rows, schema = learnt("linear", raw, (follows > 4).astype(float), Aim("binary", "log_loss", 3))

    again = estimators.read(model.content, where="model.skops")
    frame = estimators.frame(rows.matrix, rows.features, {2: schema.columns[2].categories})

    assert (again.predict_proba(frame)[:, 1] == model.answers(rows.matrix)).all()


def test_its_importance_is_told_by_feature():
    """
    Levels and missing marks count for the feature that they come from; noise weighs least.
    """
    random = np.random.default_rng(2)
    raw, follows = table()
    raw = raw.set_column(1, "age", pa.array(random.normal(size=N)))
    model, _, _ = learnt("linear", raw, follows, MSE)

    assert set(model.importance) == {"amount", "age", "carrier"}
    assert min(model.importance["amount"], model.importance["carrier"]) > 10 * model.importance["age"]


def test_columns_of_nothing_are_borne():
    """
    A column that is null throughout, and one that never changes, neither break the fit nor count.
    """
    random = np.random.default_rng(1)
    x = random.normal(size=N)
    model = fitted(numbers(x, np.full(N, np.nan), np.ones(N)), 3 * x, MSE)

    assert model.importance["x0"] > 2.9
    assert (model.importance["x1"], model.importance["x2"]) == (0.0, 0.0)


def test_a_solver_that_does_not_come_to_its_end_is_told(monkeypatch: pytest.MonkeyPatch):
    """
    Steps that are too few are a note of the fit; they raise no warning, and are not passed over in silence.
    """
    monkeypatch.setattr(linear, "STEPS", 1)
    monkeypatch.setattr(linear, "MORE_STEPS", 2)
    raw, follows = table()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model, _, _ = learnt("linear", raw, (follows > 4).astype(float), Aim("binary", "log_loss", 3))

    assert model.notes == ("The linear model's solver had not come to its end after 2 steps.",)


@pytest.mark.parametrize("alpha", [0, -1, "much", True, float("inf")])
def test_a_pull_that_cannot_be_is_refused(alpha):
    """
    `alpha` is a number above 0.
    """
    with pytest.raises(BadSpec, match="alpha"):
        fitted(np.ones((N, 1)), np.arange(float(N)), MSE, alpha=alpha)


def test_it_answers_with_the_quantile_that_is_asked_for():
    """
    For a quantile of 0.9 nine of ten labels lie below the answers, those of the holdout too.
    """
    random = np.random.default_rng(1)
    x = random.normal(size=(N, 1))
    target = 5 * x[:, 0] + random.exponential(10, N)
    model = fitted(x, target, Aim("regression", "pinball", 3, quantile=0.9))

    assert (target <= model.answers(x))[SPLIT.holdout].mean() == pytest.approx(0.9, abs=0.04)
