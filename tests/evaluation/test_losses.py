"""Losses: against scikit-learn's metrics, and unknown where something is not known."""

import numpy as np
import pytest
from sklearn import metrics

from shipworthy.errors import BadData, UnknownName
from shipworthy.evaluation.losses import losses, mean_loss

RNG = np.random.default_rng(1)
OUTCOME = (RNG.random(500) < 0.3).astype(float)
PROBABILITY = RNG.uniform(0.01, 0.99, 500)
VALUE, ANSWER = RNG.normal(size=500), RNG.normal(size=500)


@pytest.mark.parametrize(
    ("metric", "truth", "answers", "theirs"),
    [
        ("mae", VALUE, ANSWER, metrics.mean_absolute_error),
        ("mse", VALUE, ANSWER, metrics.mean_squared_error),
        ("log_loss", OUTCOME, PROBABILITY, metrics.log_loss),
        ("brier", OUTCOME, PROBABILITY, metrics.brier_score_loss),
    ],
)
def test_the_mean_is_the_metric(metric, truth, answers, theirs):
    """
    The mean of the losses is what scikit-learn calls the metric.
    """
    assert mean_loss(metric, truth, answers) == pytest.approx(theirs(truth, answers))


def test_a_wrong_certainty_is_dear_but_not_infinite():
    """
    A probability of 0 for what came true costs the same as one in a million, so that one row does not decide alone.
    """
    [loss] = losses("log_loss", np.array([1.0]), np.array([0.0]))

    assert loss == pytest.approx(-np.log(1e-6))


@pytest.mark.parametrize(("truth", "answers"), [([], []), ([1.0, np.nan], [1.0, 1.0]), ([1.0, 2.0], [np.nan, 2.0]), ([1.0], [np.inf])])
def test_what_is_not_known_has_no_mean(truth, answers):
    """
    No rows, a missing truth, a missing or infinite answer: the metric is not known, never the mean of the rest.
    """
    assert mean_loss("mae", np.array(truth), np.array(answers)) is None


@pytest.mark.parametrize(("truth", "answers", "words"), [([1.0], [1.2], "1 of 1 answers .* 1.2"), ([2.0], [0.5], "1 of 1 outcomes .* 2")])
@pytest.mark.parametrize("metric", ["log_loss", "brier"])
def test_what_is_no_probability_is_refused(metric, truth, answers, words):
    """
    A probability above 1 and an outcome of 2 are refused with the value, not scored.
    """
    with pytest.raises(BadData, match=words):
        losses(metric, np.array(truth), np.array(answers))


def test_an_unknown_metric_and_uneven_rows_are_refused():
    """
    A metric that is none names the known ones; answers to other rows are refused.
    """
    with pytest.raises(UnknownName, match="no metric 'rmse'"):
        losses("rmse", VALUE, ANSWER)
    with pytest.raises(BadData, match="3 answers for 500 outcomes"):
        losses("mae", VALUE, ANSWER[:3])


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_the_pinball_loss_is_that_of_its_quantile(quantile):
    """
    The mean of the losses is scikit-learn's pinball loss, and no constant has a lower one than the quantile itself.
    """
    assert mean_loss("pinball", VALUE, ANSWER, quantile=quantile) == pytest.approx(metrics.mean_pinball_loss(VALUE, ANSWER, alpha=quantile))
    best = np.quantile(VALUE, quantile)
    at = {shift: mean_loss("pinball", VALUE, np.full(500, best + shift), quantile=quantile) for shift in (-0.2, 0.0, 0.2)}
    assert min(at, key=at.get) == 0.0


def test_a_pinball_loss_without_its_quantile_is_refused():
    """
    Nobody can tell which quantile is meant.
    """
    with pytest.raises(BadData, match="the quantile is None"):
        losses("pinball", VALUE, ANSWER)


class TestSeveralClasses:
    SAID = np.array([[0.7, 0.2, 0.1], [0.0, 0.0, 1.0]])

    def test_the_loss_is_of_the_class_that_came_true(self):
        """
        The log loss asks for its probability alone, the Brier score for all of them; a wrong certainty is not infinite.
        """
        surprise = losses("log_loss", np.array([1.0, 0.0]), self.SAID)
        squares = losses("brier", np.array([0.0, 0.0]), self.SAID)

        assert surprise == pytest.approx([-np.log(0.2), -np.log(1e-6)])
        assert squares == pytest.approx([0.3**2 + 0.2**2 + 0.1**2, 2.0])

    def test_what_is_not_known_stays_so(self):
        """
        A class that is not known, or one probability that is not, is no loss.
        """
        said = np.array([[0.7, 0.2, 0.1], [np.nan, 0.5, 0.5]])

        assert np.isnan(losses("brier", np.array([np.nan, 1.0]), said)).all()

    @pytest.mark.parametrize(
        ("metric", "truth", "words"), [("mae", 0.0, "3 probabilities"), ("brier", 3.0, "example 3"), ("log_loss", 0.5, "no code of 3")]
    )
    def test_what_fits_no_classes_is_refused(self, metric, truth, words):
        """
        A metric of numbers, a code beyond the last class and one between two are mistakes.
        """
        with pytest.raises(BadData, match=words):
            losses(metric, np.array([truth, 1.0]), self.SAID)
