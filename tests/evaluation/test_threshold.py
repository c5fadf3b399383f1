"""Thresholds from what mistakes cost."""

import numpy as np
import pytest

from shipworthy.evaluation.threshold import cheaper, curve, indifference, policies, row_costs, threshold_of, thresholds
from shipworthy.spec.acting import Costs

N = 6000
TIMES = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(30) * np.timedelta64(1, "D"), N // 30)
COSTS = Costs(false_positive=5, false_negative=100)
RNG = np.random.default_rng(1)
CHANCE = RNG.beta(0.6, 6, N)
CAME = (RNG.random(N) < CHANCE).astype(float)


def test_each_row_costs_what_was_said() -> None:
    """
    Four kinds of rows, four costs; a gain is negative.
    """
    costs = Costs(false_positive=5, false_negative=100, true_positive=-20, true_negative=1)
    truth, acted = np.array([1.0, 0.0, 1.0, 0.0]), np.array([True, True, False, False])

    assert row_costs(costs, truth, acted).tolist() == [-20, 5, 100, 1]


def test_calibrated_probabilities_are_acted_on_where_it_begins_to_pay() -> None:
    """
    For probabilities that mean what they say the threshold is that of the costs alone: nothing learnt saves a hundredth.
    """
    assert indifference(COSTS) == pytest.approx(5 / 105)
    assert threshold_of(COSTS, CAME, CHANCE, TIMES) == indifference(COSTS)
    assert cheaper(COSTS, CAME, CHANCE, indifference(COSTS), TIMES, by=0.01) is None


def test_probabilities_that_are_off_have_a_threshold_of_their_own() -> None:
    """
    Answers ten times too low are acted on from about a tenth of it, at hardly more cost than the right ones.
    """
    low = CHANCE / 10
    found = threshold_of(COSTS, CAME, low, TIMES)

    assert found == pytest.approx(indifference(COSTS) / 10, rel=0.6)
    best, mended, naive = (
        row_costs(COSTS, CAME, answers >= level).mean()
        for answers, level in ((CHANCE, indifference(COSTS)), (low, found), (low, indifference(COSTS)))
    )
    assert mended < best * 1.05 < naive


def test_no_more_are_acted_on_than_can_be() -> None:
    """
    With a capacity of a twentieth the threshold lets that many through, though more would pay.
    """
    found = threshold_of(COSTS, CAME, CHANCE, TIMES, capacity=0.05)

    assert found > indifference(COSTS)
    assert 0.03 < (found <= CHANCE).mean() <= 0.05


def test_few_days_teach_no_threshold() -> None:
    """
    Rows of four days cannot show that another threshold is cheaper: that of the costs alone stays, however wrong the answers are.
    """
    few = TIMES[0] + np.timedelta64(4, "D") > TIMES

    assert cheaper(COSTS, CAME[few], CHANCE[few] / 10, indifference(COSTS), TIMES[few]) is None
    assert threshold_of(COSTS, CAME[few], CHANCE[few] / 10, TIMES[few]) == indifference(COSTS)


def test_a_threshold_that_does_not_fit_is_beaten_by_one_learnt_elsewhere() -> None:
    """
    To act from one half on is surely dearer than from what other days teach; from the right threshold on it is not.
    """
    found = cheaper(COSTS, CAME, CHANCE, 0.5, TIMES)

    assert found is not None
    assert found == pytest.approx(indifference(COSTS), abs=0.03)


def test_other_thresholds_stand_beside_the_kept_one() -> None:
    """
    One half costs surely more than what the costs say, the best in hindsight never more; a kept one is not compared with itself.
    """
    found = thresholds(COSTS, CAME, CHANCE, indifference(COSTS), TIMES)
    kept = row_costs(COSTS, CAME, indifference(COSTS) <= CHANCE).mean()

    assert set(found) == {"one half", "the best in hindsight"}
    assert found["one half"][1].more.low > 0
    assert found["the best in hindsight"][1].cost <= kept
    assert set(thresholds(COSTS, CAME, CHANCE, 0.5, TIMES)) == {"what the costs alone say", "the best in hindsight"}


def test_a_threshold_beyond_the_capacity_is_not_recommended() -> None:
    """
    Where a twentieth can be acted on, what the costs alone say would act on too many.
    """
    assert "what the costs alone say" not in thresholds(COSTS, CAME, CHANCE, 0.5, TIMES, capacity=0.05)


@pytest.mark.parametrize("truth", [np.zeros(30), np.ones(30), np.zeros(0)])
def test_outcomes_that_are_all_alike_give_no_threshold(truth: np.ndarray) -> None:
    """
    Nobody can tell from which answer on to act where nothing came true, or everything.
    """
    assert threshold_of(COSTS, truth, CHANCE[: len(truth)], TIMES[: len(truth)]) is None


def test_ways_to_act_are_told_beside_each_other() -> None:
    """
    The threshold is surely cheaper than to act on all, on none, and as a rule that knows nothing says; its own line has no difference.
    """
    rule = (RNG.random(N) < 0.1).astype(float)
    own, *others = policies(COSTS, CAME, CHANCE, indifference(COSTS), TIMES, rule)

    assert [own.name, *(one.name for one in others)] == ["threshold", "act on every row", "act on none", "the rule"]
    assert own.more is None
    assert own.interval.low < own.cost < own.interval.high
    assert all(one.more.low > 0 and one.cost > own.cost for one in others)
    assert [one.acted for one in others[:2]] == [1, 0]


def test_the_curve_goes_from_everybody_to_nobody() -> None:
    """
    At its ends are what acting on all and on none cost; its lowest point is near the threshold.
    """
    points = curve(COSTS, CAME, CHANCE)

    assert (points[0][2], points[-1][2]) == (1.0, 0.0)
    assert points[-1][1] == pytest.approx(CAME.mean() * 100)
    assert min(points, key=lambda point: point[1])[0] == pytest.approx(indifference(COSTS), abs=0.04)
