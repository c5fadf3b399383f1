"""Calibration: mended where that surely helps, by rows that the model has not learnt from, as plain data."""

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from shipworthy.evaluation.calibration import Calibration, calibration_of, learnt
from shipworthy.evaluation.logistic import logit, sigmoid
from shipworthy.evaluation.losses import mean_loss
from shipworthy.evaluation.reliability import reliability

N = 4000
TIMES = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(40) * np.timedelta64(1, "D"), N // 40)


def drawn(seed: int = 1, rows: int = N) -> tuple[np.ndarray, np.ndarray]:
    """Return true probabilities and outcomes."""
    rng = np.random.default_rng(seed)
    chance = rng.beta(1.5, 3, rows)
    return chance, (rng.random(rows) < chance).astype(float)


def too_sure(chance: np.ndarray) -> np.ndarray:
    return sigmoid(2.0 * logit(chance))


def stepped(chance: np.ndarray) -> np.ndarray:
    """Return answers that no sigmoid mends: right in the middle, far off above."""
    return np.where(chance > 0.5, 0.5 + (chance - 0.5) / 10, chance**3)


def test_answers_that_are_too_sure_are_mended_by_a_sigmoid() -> None:
    """
    What halves the log odds is found, and other rows gain by it.
    """
    chance, came = drawn()
    found = calibration_of("auto", came, too_sure(chance), TIMES)
    other, came_there = drawn(2)

    assert found.kind == "sigmoid"
    assert found.apply(too_sure(chance)) == pytest.approx(chance, abs=0.05)
    assert mean_loss("brier", came_there, found.apply(too_sure(other))) < mean_loss("brier", came_there, too_sure(other))


def test_what_no_sigmoid_mends_is_mended_by_steps() -> None:
    """
    Where the isotonic one surely does better than the sigmoid, it is taken; its knots give what scikit-learn's regression gives.
    """
    chance, came = drawn()
    said = stepped(chance)
    found = calibration_of("auto", came, said, TIMES)

    assert found.kind == "isotonic"
    theirs = IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(said, came)
    assert found.apply(said) == pytest.approx(theirs.predict(said), abs=0.02)
    assert (np.diff(found.means) >= 0).all()


def test_calibrated_answers_are_let_be() -> None:
    """
    Of twenty models that say what comes true, hardly one is mended.
    """
    pairs = [drawn(seed) for seed in range(20)]

    assert sum(calibration_of("auto", came, chance, TIMES) is not None for chance, came in pairs) <= 1


@pytest.mark.parametrize("rows", [150, 1000])
def test_too_few_outcomes_mend_nothing(rows: int) -> None:
    """
    With fewer than 200 rows, or fewer than 20 that came true, nothing is mended unless it is asked for by name.
    """
    chance, _ = drawn(rows=rows)
    came = (np.arange(rows) % (rows // 10) == 0).astype(float)

    assert calibration_of("auto", came, too_sure(chance), TIMES[:rows]) is None
    assert calibration_of("isotonic", came, too_sure(chance), TIMES[:rows]).kind == "isotonic"
    assert calibration_of("none", came, too_sure(chance), TIMES[:rows]) is None
    assert calibration_of("sigmoid", np.zeros(rows), chance, TIMES[:rows]) is None


def test_a_sigmoid_is_the_logistic_regression_of_the_log_odds() -> None:
    """
    With many rows it is what scikit-learn's regression without a penalty finds.
    """
    chance, came = drawn(rows=20000)
    theirs = LogisticRegression(C=np.inf, tol=1e-8).fit(logit(too_sure(chance))[:, None], came)
    found = learnt("sigmoid", came, too_sure(chance))

    assert found.apply(too_sure(chance)) == pytest.approx(theirs.predict_proba(logit(too_sure(chance))[:, None])[:, 1], abs=0.002)


def test_beyond_what_was_seen_answers_are_flat_and_the_order_stays() -> None:
    """
    An answer below the first knot gets its value, what is not known stays so, and no two answers change places.
    """
    steps = Calibration("isotonic", (0.2, 0.6), (0.1, 0.5))

    assert steps.apply(np.array([0.0, 0.2, 0.4, 0.9])).tolist() == pytest.approx([0.1, 0.1, 0.3, 0.5])
    assert np.isnan(steps.apply(np.array([np.nan])))
    assert (np.diff(learnt("sigmoid", *drawn()[::-1]).apply(np.linspace(0, 1, 50))) >= 0).all()


def test_slope_and_intercept_say_what_is_wrong() -> None:
    """
    Answers that double the log odds have a slope of one half, answers a unit too low an intercept of 1; what is right has 1 and 0.
    """
    chance, came = drawn()
    right, sure, low = (reliability(came, said, TIMES) for said in (chance, too_sure(chance), sigmoid(logit(chance) - 1)))

    assert right.slope_interval.low < 1 < right.slope_interval.high
    assert right.intercept_interval.low < 0 < right.intercept_interval.high
    assert sure.slope_interval.low < 0.5 < sure.slope_interval.high < 1
    assert low.intercept_interval.low < 1 < low.intercept_interval.high
    assert [rows for _, _, _, rows in right.groups] == [N // 10] * 10


def test_the_intervals_of_the_slope_hold_it() -> None:
    """
    Of a hundred calibrated models nearly nineteen in twenty have 1 in the interval of their slope.
    """
    held = [reliability(came, chance, TIMES).slope_interval for chance, came in map(drawn, range(100))]

    assert 88 <= sum(one.low <= 1 <= one.high for one in held) <= 100


def test_without_both_outcomes_nothing_can_be_told() -> None:
    """
    Where nothing came true the groups stand alone.
    """
    found = reliability(np.zeros(100), np.linspace(0, 1, 100), TIMES[:100])

    assert (found.slope, found.intercept, found.slope_interval) == (None, None, None)
