"""Metrics with intervals: against scikit-learn, against a repeat by hand, and unknown where something is."""

import numpy as np
import pytest
from sklearn import metrics as theirs

from shipworthy.errors import BadData
from shipworthy.evaluation import metrics
from shipworthy.evaluation.measure import PLACES, measure_all
from shipworthy.evaluation.metrics.base import Asked, Metric
from shipworthy.families import members

RNG = np.random.default_rng(2)
N = 5600
TIMES = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(28) * np.timedelta64(1, "D"), N // 28)
SAID = RNG.beta(1, 3, N)
CAME = (RNG.random(N) < SAID).astype(float)
VALUE = RNG.normal(20, 6, N)
ANSWER = VALUE + RNG.normal(1, 3, N)
BINARY = Asked("binary", threshold=0.3, capacity=0.1)
KINDS = RNG.dirichlet([2.0, 1.0, 0.5, 0.5], N)
KIND = np.array([RNG.choice(4, p=shares) for shares in KINDS]).astype(float)
METRICS = members(metrics, Metric)


def top(truth: np.ndarray, said: np.ndarray) -> float:
    return float(truth[np.argsort(-said)[: len(said) // 10]].mean())


HAND = {
    "mae": theirs.mean_absolute_error,
    "rmse": theirs.root_mean_squared_error,
    "r2": theirs.r2_score,
    "bias": lambda t, a: float((a - t).mean()),
    "log_loss": theirs.log_loss,
    "brier": theirs.brier_score_loss,
    "auc": theirs.roc_auc_score,
    "average_precision": theirs.average_precision_score,
    "accuracy": lambda t, a: theirs.accuracy_score(t, a >= 0.3),
    "precision": lambda t, a: theirs.precision_score(t, a >= 0.3),
    "recall": lambda t, a: theirs.recall_score(t, a >= 0.3),
    "f1": lambda t, a: theirs.f1_score(t, a >= 0.3),
    "precision_at_capacity": top,
    "recall_at_capacity": lambda t, a: top(t, a) * (len(t) // 10) / t.sum(),
    "lift_at_capacity": lambda t, a: top(t, a) / t.mean(),
    "class_accuracy": lambda t, a: theirs.accuracy_score(t, a.argmax(axis=1)),
    "balanced_accuracy": lambda t, a: theirs.balanced_accuracy_score(t, a.argmax(axis=1)),
    "macro_f1": lambda t, a: theirs.f1_score(t, a.argmax(axis=1), average="macro"),
    "pinball": lambda t, a: theirs.mean_pinball_loss(t, a, alpha=0.8),
    "coverage": lambda t, a: float((t <= a).mean()),
    "calibration_error": lambda t, a: sum(
        abs((a - t)[np.clip((a * 10).astype(int), 0, 9) == place].sum()) for place in range(10)
    ) / len(t),
}  # fmt: skip


def measured(name: str, rows: slice | np.ndarray = slice(None)):
    """Return the metric `name` of the made-up answers."""
    for asked, truth, answers in (
        (BINARY, CAME, SAID),
        (Asked("regression"), VALUE, ANSWER),
        (Asked("regression", quantile=0.8), VALUE, ANSWER),
        (Asked("multiclass"), KIND, KINDS),
    ):
        if METRICS[name].fits(asked):
            return measure_all(asked, TIMES[rows], truth[rows], answers[rows], only=[name])[0], truth[rows], answers[rows]
    raise AssertionError(name)


def test_every_metric_is_held_against_another_hand() -> None:
    """
    There is no metric that nothing else was asked about.
    """
    assert set(METRICS) == set(HAND)


@pytest.mark.parametrize("name", sorted(METRICS))
class TestEveryMetric:
    def test_it_is_the_number_that_others_get(self, name: str) -> None:
        """
        The value is that of scikit-learn, or of the formula written out, and lies in its interval.
        """
        found, truth, answers = measured(name)

        assert found.value == pytest.approx(HAND[name](truth, answers), rel=1e-9)
        assert found.interval.low < found.value < found.interval.high

    def test_its_interval_is_that_of_days_drawn_again(self, name: str) -> None:
        """
        The interval is as wide as that of the metric itself on days drawn with all their rows, one draw after the other; that of the
        calibration error, whose draws are all too high, is wider.
        """
        found, truth, answers = measured(name)
        rng, day = np.random.default_rng(5), np.arange(N).reshape(28, -1)
        drawn = [day[(rng.integers(0, 28, 10)[:, None] + np.arange(3)) % 28].reshape(-1)[:N] for _ in range(120)]
        values = [HAND[name](truth[rows], answers[rows]) for rows in drawn]
        low, high = np.quantile(values, [0.025, 0.975])

        wide = (found.interval.high - found.interval.low) / (high - low)
        assert wide == pytest.approx(1.25, abs=0.35) or (name == "calibration_error" and wide > 1.25)

    def test_it_says_what_it_is_blind_to(self, name: str) -> None:
        """
        Its docstring says what it does not see.
        """
        assert "Blind to" in (type(METRICS[name]).__doc__ or "")


OF_CLASSES = {
    "log_loss": theirs.log_loss,
    "brier": lambda t, a: float(((a - np.eye(4)[t.astype(int)]) ** 2).sum(axis=1).mean()),
    "auc": lambda t, a: theirs.roc_auc_score(t, a, multi_class="ovr", average="macro"),
    "average_precision": lambda t, a: theirs.average_precision_score(np.eye(4)[t.astype(int)], a, average="macro"),
}


@pytest.mark.parametrize("name", OF_CLASSES)
def test_of_several_classes_it_is_the_number_that_others_get(name: str) -> None:
    """
    Losses of all probabilities, and rankings of each class against the rest, with an interval around them and the rule beside them.
    """
    rule = np.full(KINDS.shape, 0.25)
    [found] = measure_all(Asked("multiclass"), TIMES, KIND, KINDS, rule, only=[name])

    assert found.value == pytest.approx(OF_CLASSES[name](KIND, KINDS), rel=1e-9)
    assert found.interval.low < found.value < found.interval.high
    assert found.difference.high < 0 if found.metric.better == "lower" else found.difference.low > 0


def test_a_class_that_never_came_true_is_left_out_of_the_mean() -> None:
    """
    What cannot be ranked is no 0, and where one class alone came true nothing is known.
    """
    without = np.where(KIND == 3, 0.0, KIND)
    [found] = measure_all(Asked("multiclass"), TIMES, without, KINDS, only=["auc"])
    [alone] = measure_all(Asked("multiclass"), TIMES, np.zeros(N), KINDS, only=["auc"])

    each = [theirs.roc_auc_score(without == code, KINDS[:, code]) for code in range(3)]
    assert found.value == pytest.approx(np.mean(each))
    assert alone.value is None


def test_calibrated_answers_may_have_no_calibration_error_at_all() -> None:
    """
    The error of calibrated answers is above 0 by chance alone: in 60 samples its interval holds the true 0 in nine of ten at least, and
    where answers are a tenth too high it begins above 0.
    """
    held = []
    for seed in range(60):
        came = (np.random.default_rng(seed).random(N) < SAID).astype(float)
        held.append(calibration(came, SAID).interval.low)
    high = calibration(CAME, np.minimum(1.0, SAID + 0.1))

    assert np.mean(np.array(held) <= 0) >= 0.9
    assert 0.05 < high.interval.low < high.value == pytest.approx(0.1, abs=0.02)


def test_two_calibration_errors_differ_surely_only_where_the_rows_say_so() -> None:
    """
    Against a rule that is off by a fifth the difference is surely below 0; against answers as good it is not.
    """
    worse = np.minimum(1.0, SAID + 0.2)

    assert calibration(CAME, SAID, worse).difference.high < 0
    assert calibration(CAME, SAID, SAID).difference.low < 0 < calibration(CAME, SAID, SAID).difference.high


def calibration(truth: np.ndarray, said: np.ndarray, rule: np.ndarray | None = None):
    """Return the calibration error of answers."""
    return measure_all(BINARY, TIMES, truth, said, rule, only=["calibration_error"])[0]


def test_the_rule_is_measured_on_the_same_draws() -> None:
    """
    Answers that are a little nearer than the rule's on each day are surely better, though each of both is uncertain.
    """
    mood = np.repeat(RNG.normal(0, 5, 28), N // 28)
    rule = VALUE + mood
    found = measure_all(Asked("regression"), TIMES, VALUE, VALUE + mood * 0.97, rule, only=["mae"])[0]

    assert found.interval.low < found.rule < found.interval.high
    assert found.difference.high < 0


def test_a_ranking_of_few_places_is_exact() -> None:
    """
    Where answers are few and equal ones many, ties count half: as if every row were compared with every other.
    """
    coarse = np.round(SAID, 1)
    found = measure_all(BINARY, TIMES, CAME, coarse, only=["auc"])[0]

    assert len(np.unique(coarse)) < PLACES
    assert found.value == pytest.approx(theirs.roc_auc_score(CAME, coarse))


@pytest.mark.parametrize("truth", [np.ones(60), np.array([np.nan] * 60), np.zeros(0)])
def test_what_cannot_be_ranked_is_not_known(truth: np.ndarray) -> None:
    """
    Outcomes that are all alike, missing, or none: no AUC, and no interval.
    """
    found = measure_all(BINARY, TIMES[:: N // 60][: len(truth)], truth, SAID[: len(truth)], only=["auc"])[0]

    assert (found.value, found.interval) == (None, None)


def test_few_days_have_no_interval() -> None:
    """
    Four days tell the number, and not how sure it is.
    """
    found, _, _ = measured("auc", np.arange(4 * N // 28))

    assert found.value is not None
    assert found.interval is None


def test_groups_are_drawn_whole() -> None:
    """
    A thousand rows of each of ten people say no more than ten people do.
    """
    people = np.repeat(np.arange(10), 200)
    off = np.repeat(RNG.normal(0, 3, 10), 200)
    times = np.repeat(TIMES[:1], 2000)
    one = measure_all(Asked("regression"), times, np.zeros(2000), off, together=people, only=["bias"])[0]
    few = measure_all(Asked("regression"), times[:10], np.zeros(10), off[::200], together=people[::200], only=["bias"])[0]

    assert (one.interval.low, one.interval.high) == pytest.approx((few.interval.low, few.interval.high))


def test_what_is_no_probability_is_refused() -> None:
    """
    Answers above 1 to a question of yes or no are refused, as everywhere.
    """
    with pytest.raises(BadData, match="outside 0 to 1"):
        measure_all(BINARY, TIMES, CAME, SAID + 1)
