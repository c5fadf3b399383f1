"""Two rankings and two ways to act on the same rows."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from shipworthy.evaluation.mcnemar import mcnemar
from shipworthy.evaluation.ranked import delong

N, DAYS = 2800, 28
TIMES = np.repeat(np.datetime64("2013-05-01", "us") + np.arange(DAYS) * np.timedelta64(1, "D"), N // DAYS)


def rows(seed: int, rows: int = N) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcomes and two rankings that are equally good."""
    rng = np.random.default_rng(seed)
    came = (rng.random(rows) < 0.3).astype(float)
    return came, came + rng.normal(0, 1.5, rows), came + rng.normal(0, 1.5, rows)


def slowly(came: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    """Return the p-value of DeLong's test as it was first written down: every pair of rows compared."""
    kernels = []
    for answers in (first, second):
        up, down = answers[came > 0][:, None], answers[came == 0][None, :]
        kernels.append((up > down) + 0.5 * (up == down))
    tens, ones = np.array([k.mean(axis=1) for k in kernels]), np.array([k.mean(axis=0) for k in kernels])
    spread = np.cov(tens) / tens.shape[1] + np.cov(ones) / ones.shape[1]
    apart = kernels[0].mean() - kernels[1].mean()
    return float(2 * stats.norm.sf(abs(apart) / np.sqrt(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1])))


@pytest.mark.parametrize("coarse", [False, True])
def test_it_is_delongs_test(coarse: bool) -> None:
    """
    Areas are scikit-learn's, the p-value that of the slow form of 1988, ties or none.
    """
    came, first, second = rows(1, 400)
    first, second = (np.round(one) if coarse else one for one in (first, second))
    found = delong(came, first, second, TIMES[:400])

    assert (found.first, found.second) == pytest.approx((roc_auc_score(came, first), roc_auc_score(came, second)))
    assert found.p_value == pytest.approx(slowly(came, first, second))


def test_equal_rankings_differ_one_time_in_twenty() -> None:
    """
    Of two hundred pairs that are equally good about ten are called different, by the test and by the interval.
    """
    found = [delong(*rows(seed), TIMES) for seed in range(200)]

    assert 3 <= sum(one.p_value < 0.05 for one in found) <= 20
    assert 3 <= sum(not one.interval.low <= 0 <= one.interval.high for one in found) <= 20


def test_rows_of_one_group_are_one_witness() -> None:
    """
    Each row a hundred times over makes the test sure of nothing more, where groups are told: the interval stays as it is.
    """
    came, first, second = rows(3, 60)
    who, times = np.arange(60), np.repeat(TIMES[:1], 60)
    once = delong(came, first, second, times, together=who)
    often = delong(*(np.repeat(one, 100) for one in (came, first, second, times)), together=np.repeat(who, 100))

    assert often.p_value < once.p_value
    assert (often.interval.low, often.interval.high) == pytest.approx((once.interval.low, once.interval.high), abs=0.02)


def test_a_better_ranking_is_surely_better_and_the_same_one_surely_not() -> None:
    """
    Less noise ranks better; a ranking beside itself differs by nothing.
    """
    came, first, second = rows(4)
    better = delong(came, came + (first - came) / 2, second, TIMES)
    same = delong(came, first, first * 7 - 3, TIMES)

    assert better.interval.low > 0
    assert better.p_value < 1e-6
    assert (same.difference, same.p_value, same.interval.low, same.interval.high) == (0, 1, 0, 0)


@pytest.mark.parametrize("truth", [np.ones(50), np.zeros(50), np.full(50, np.nan), np.zeros(0)])
def test_what_cannot_be_ranked_is_not_known(truth: np.ndarray) -> None:
    """
    One outcome only, or none known: no area, no test.
    """
    said = np.linspace(0, 1, len(truth))

    assert delong(truth, said, said, TIMES[: len(truth)]).difference is None


def test_few_days_have_a_test_and_no_interval() -> None:
    """
    Rows of one day can be tested as if they were independent; how much a day moves nobody can tell.
    """
    came, first, second = rows(5, 90)
    found = delong(came, first, second, np.repeat(TIMES[:1], 90))

    assert found.p_value is not None
    assert found.interval is None


def test_where_two_never_disagree_nothing_can_be_told() -> None:
    """
    McNemar's test looks at rows on which one was right alone: without any it is silent, with many it is sure.
    """
    truth = np.arange(100) % 2.0
    right, wrong = truth > 0, truth == 0

    assert mcnemar(truth, right, right).p_value is None
    assert mcnemar(truth, right, wrong).p_value < 1e-20
    assert (mcnemar(truth, right, wrong).first_right, mcnemar(truth, wrong, right).second_right) == (100, 100)
