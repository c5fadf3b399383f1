"""Thresholds from what mistakes cost."""

import numpy as np
import pytest

from shipworthy.evaluation.threshold import curve, indifference, policies, row_costs, threshold_of
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
    For probabilities that mean what they say the threshold is near that of the costs alone.
    """
    assert indifference(COSTS) == pytest.approx(5 / 105)
    assert threshold_of(COSTS, CAME, CHANCE, TIMES) == pytest.approx(5 / 105, rel=0.15)


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
