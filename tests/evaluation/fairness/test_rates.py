"""Rates of groups with intervals in closed form."""

import numpy as np
import pytest

from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.rates import Spread, spreads, witnesses

ALONE = np.arange(2000)


def halves(n: int) -> Groups:
    return Groups("sex", ("f", "m"), np.arange(n) % 2)


def test_a_share_has_wilsons_interval():
    """
    Independent rows give the textbook interval: 10 of 100 are 0.0552 to 0.1744, up to the t quantile of 99 rows.
    """
    values = np.array([1.0] * 10 + [0.0] * 90)

    (found,) = spreads(values, Groups("all", ("all",), np.zeros(100, dtype=int)), np.arange(100))

    interval = found.interval()
    assert interval is not None
    assert interval.low == pytest.approx(0.0552, abs=2e-3)
    assert interval.high == pytest.approx(0.1744, abs=2e-3)


def test_a_share_of_nothing_has_an_upper_end():
    """
    None of 60 is no proof of zero.
    """
    (found,) = spreads(np.zeros(60), Groups("all", ("all",), np.zeros(60, dtype=int)), np.arange(60))

    interval = found.interval()
    assert interval is not None
    assert interval.low == 0
    assert 0.03 < interval.high < 0.1


def test_rows_of_one_block_are_one_witness():
    """
    A hundred copies of each of twenty rows are no surer than the twenty.
    """
    random = np.random.default_rng(3)
    twenty = (random.random(20) < 0.4).astype(float)
    everybody = Groups("all", ("all",), np.zeros(2000, dtype=int))

    copied = spreads(np.repeat(twenty, 100), everybody, np.repeat(np.arange(20), 100))[0].interval()
    single = spreads(twenty, Groups("all", ("all",), np.zeros(20, dtype=int)), np.arange(20))[0].interval()

    assert copied is not None
    assert single is not None
    assert copied.high - copied.low == pytest.approx(single.high - single.low, rel=0.05)


def test_few_blocks_and_no_rows_are_not_known():
    """
    Four days tell nothing of days; a group without rows has no rate.
    """
    groups = halves(40)
    four_days = spreads(np.ones(40), groups, np.arange(40) // 10)
    nobody = spreads(np.ones(40), groups, np.arange(40), groups.codes == 1)[0]

    assert four_days[0].value == 1
    assert four_days[0].interval() is None
    assert nobody == Spread(0, None, None, 0, True)
    assert nobody.interval() is None


def test_a_mean_that_is_no_share_may_lie_anywhere():
    """
    A mean error can be below zero, and so can its interval.
    """
    values = np.random.default_rng(1).normal(-3, 1, 2000)

    interval = spreads(values, halves(2000), ALONE, share=False)[0].interval()

    assert interval is not None
    assert interval.low < -3 < interval.high < -2.8


def test_intervals_hold_the_truth():
    """
    Of 400 samples with days that differ, at least 93 in 100 intervals hold the true rate; rows alone would give far fewer.
    """
    random, held, naive = np.random.default_rng(8), 0, 0
    everybody = Groups("all", ("all",), np.zeros(600, dtype=int))
    for _ in range(400):
        by_day = np.repeat(random.beta(3, 7, 30), 20)
        values = (random.random(600) < by_day).astype(float)
        clustered = spreads(values, everybody, np.repeat(np.arange(30), 20))[0].interval()
        alone = spreads(values, everybody, np.arange(600))[0].interval()
        assert clustered is not None
        assert alone is not None
        held += clustered.low <= 0.3 <= clustered.high
        naive += alone.low <= 0.3 <= alone.high

    assert held >= 372
    assert naive < 340


def test_witnesses_are_runs_of_days_or_the_groups_that_were_drawn():
    """
    Of 27 days three follow each other in a run; groups that were drawn are witnesses themselves.
    """
    days = np.datetime64("2026-01-01", "us") + np.arange(27) * np.timedelta64(1, "D")

    assert len(np.unique(witnesses(days))) == 9
    assert len(np.unique(witnesses(days, ALONE[:27]))) == 27
