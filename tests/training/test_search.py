"""The search for parameters: within its budget, the same each time, never worse than the defaults."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from shipworthy.evaluation.losses import losses
from shipworthy.training.fitted import Fitted, Rows
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.learners.lightgbm import LightGBM
from shipworthy.training.scoring import Fold, out_of_fold
from shipworthy.training.search import Budget, Searched, search
from shipworthy.training.split import time_split

N = 600
TIMES = np.datetime64("2026-01-01", "us") + np.arange(N) * np.timedelta64(3600, "s").astype("timedelta64[us]")
AIM = Aim("regression", "mae", 3)
FIXED = {"num_iterations": 10, "early_stopping_round": 0}


class Shelf(Learner):
    """Answers with a number that its parameters make: the nearer to the truth the nearer `place` is to 0.7."""

    complexity = 5
    natural_ends = frozenset({"bend"})

    def __init__(self, best=0.7):
        self.best, self.fits = best, []

    def fit(self, rows, split, *, aim, said):
        self.fits.append(dict(said))
        off = abs(said["place"] - self.best) + 0.01 * (1 - said["bend"])
        return Fitted(self.name, "none", b"", lambda matrix: matrix[:, 0] + off, dict(said))

    def refit(self, rows, fitted, *, aim):
        return fitted

    def suggest(self, trial, *, aim):
        return {"place": trial.suggest_float("place", 0.0, 1.0), "bend": trial.suggest_float("bend", 0.0, 1.0)}

    def defaults(self, *, aim):
        return {"place": 0.5, "bend": 1.0, "never_asked": 3}


def made(folds=3):
    """Return folds on which the first column is the truth."""
    random = np.random.default_rng(1)
    matrix = random.normal(size=(N, 2))
    split = time_split(TIMES, timedelta(days=4), timedelta(0), as_of=datetime(2026, 12, 1, tzinfo=UTC))
    rows = Rows(matrix, matrix[:, 0].copy(), ["x", "noise"])
    return [Fold(rows, split, np.ones(N, dtype=bool))] * folds


def loss(truth, answers):
    """The loss of the tests."""
    return losses("mae", truth, answers)


def searched(learner=None, said=None, trials=12, minutes=None, heard=lambda *_: None):
    """Search as the tests do."""
    return search(learner or Shelf(), made(), aim=AIM, said=said or {}, loss=loss, budget=Budget(trials, minutes), heard=heard)


def test_it_begins_with_the_defaults_and_ends_no_worse():
    """
    The first trial has the defaults, and the best one is nearer to the truth.
    """
    found = searched()

    assert dict(found.trials[0].parameters) == {"place": 0.5, "bend": 1.0}
    assert found.losses.mean() < found.trials[0].loss
    assert abs(found.parameters["place"] - 0.7) < 0.2
    assert found.losses.mean() == pytest.approx(min(one.loss for one in found.trials if one.loss is not None))


def test_the_same_seed_searches_the_same():
    """
    A search with a budget of trials can be repeated, digit for digit.
    """
    first, then = searched(), searched()

    assert first.trials == then.trials
    assert first.parameters == then.parameters


def test_what_is_worse_after_a_fold_is_given_up():
    """
    Some trials end after their first fold; they have no loss, and cost one fit instead of three.
    """
    learner = Shelf()
    found = searched(learner)

    given_up = [one for one in found.trials if one.loss is None]
    assert given_up
    assert all(one.folds < 3 for one in given_up)
    assert len(learner.fits) == sum(one.folds for one in found.trials) < 3 * 12


def test_what_a_person_has_set_is_not_searched():
    """
    A parameter that is set keeps its value in every trial, and is in none of the ranges.
    """
    learner = Shelf()
    found = searched(learner, {"place": 0.25})

    assert {fit["place"] for fit in learner.fits} == {0.25}
    assert all(set(one.parameters) == {"bend"} for one in found.trials)
    assert len(found.trials) == 6, "six trials for one parameter are enough"


def test_other_names_of_a_parameter_set_it_too():
    """
    LightGBM's `max_leaves` is `num_leaves`: set under either name it is not searched.
    """
    found = searched(LightGBM(), FIXED | {"max_leaves": 7}, trials=2)

    assert found.parameters["num_leaves"] == 7
    assert "num_leaves" not in found.trials[0].parameters
    assert "max_leaves" not in found.parameters


def test_a_best_value_at_the_end_of_its_range_is_told():
    """
    Where the best lies at the bound a better one may lie beyond; an end that is natural is none.
    """
    found = searched(Shelf(best=1.0), trials=12)

    assert [line for line in found.warnings if "place" in line and "upper end" in line]
    assert not [line for line in found.warnings if "bend" in line]


def test_what_the_trials_differ_by_is_told():
    """
    The parameter that matters has nearly all of the importance.
    """
    found = searched(trials=12)

    assert found.importance == {} or found.importance["place"] > 0.8


def test_no_trials_search_nothing():
    """
    A budget of no trials, or a learner that asks for nothing, fits nothing at all.
    """
    learner = Shelf()

    assert searched(learner, {"place": 0.1}, trials=0) == Searched({"place": 0.1})
    assert searched(learner, {"place": 0.1, "bend": 0.1}) == Searched({"place": 0.1, "bend": 0.1})
    assert learner.fits == []


def test_a_budget_of_minutes_ends_after_the_first_trial_that_outlasts_it():
    """
    However short the time, the defaults are tried; nothing begins after it.
    """
    found = searched(trials=12, minutes=1e-9)

    assert len(found.trials) == 1
    assert found.parameters["place"] == 0.5


def test_it_says_how_far_it_is():
    """
    Before each trial it is told how many are done, and of how many.
    """
    said = []
    searched(trials=3, heard=lambda done, total: said.append((done, total)))

    assert said == [(0, 3), (1, 3), (2, 3)]


def test_an_interruption_ends_it_at_once():
    """
    Ctrl-C in the middle of a trial is no failed trial: it ends the search.
    """

    def tired(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched(heard=tired)


def test_lightgbm_is_searched_within_sensible_ranges():
    """
    The real learner: trials differ, and the best parameters are accepted by a fit.
    """
    found = searched(LightGBM(), FIXED, trials=3)
    again = np.concatenate(list(out_of_fold(LightGBM(), made(), aim=AIM, said=found.parameters, loss=loss)))

    assert set(found.trials[0].parameters) == {"learning_rate", "num_leaves", "min_data_in_leaf", "feature_fraction", "lambda_l2"}
    assert len({one.parameters["num_leaves"] for one in found.trials}) > 1
    assert (again == found.losses).all()
