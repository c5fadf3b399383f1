"""Which candidate is kept: the simplest within the noise, and noise is rows and seeds."""

import numpy as np
import pytest

from shipworthy.evaluation.interval import mean_interval
from shipworthy.training.selection import Candidate, beside, selected

DAYS = 60
ROWS = DAYS * 20
TIMES = np.datetime64("2026-01-01", "us") + (np.arange(ROWS) // 20) * np.timedelta64(1, "D").astype("timedelta64[us]")
NOISE = np.random.default_rng(1).exponential(1.0, ROWS)


def between(values):
    """The interval that a training takes."""
    return mean_interval(values, TIMES)


def unknown(values):
    """Nobody knows."""
    return


def seeds(*offsets):
    """Return the losses of as many seeds, each a little apart."""
    return tuple(NOISE + offset for offset in offsets)


def own(seed, by):
    """Return losses with noise of their own around the same truth, higher by `by` on average."""
    return NOISE + by + np.random.default_rng(seed).normal(0, 0.5, ROWS)


def test_a_simple_one_within_the_noise_is_kept():
    """
    Higher by a hair, and simpler: it is kept, and the best is named beside it.
    """
    found = selected([Candidate("deep", 30, (own(4, 0.0),)), Candidate("flat", 10, (own(6, 0.01),))], between)

    assert (found.best, found.kept) == ("deep", "flat")
    assert found.of("flat").interval.low < 0 < found.of("flat").interval.high


def test_one_that_is_surely_worse_is_not_kept_however_simple():
    """
    A difference that rows leave no doubt about decides for the complicated one.
    """
    found = selected([Candidate("deep", 30, (own(2, 0.0),)), Candidate("flat", 10, (own(3, 0.2),))], between)

    assert found.kept == found.best == "deep"
    assert found.of("flat").surely_worse


def test_the_spread_over_seeds_widens_the_interval():
    """
    The same difference is sure with a steady best and unsure with one whose result hangs on the seed.
    """
    flat = Candidate("flat", 10, (own(3, 0.1),))
    steady = selected([Candidate("deep", 30, seeds(-0.001, 0.0, 0.001)), flat], between)
    lucky = selected([Candidate("deep", 30, seeds(-0.1, 0.0, 0.1)), flat], between)

    assert steady.kept == "deep"
    assert lucky.kept == "flat"
    assert lucky.of("deep").spread == pytest.approx(0.1)


def test_an_unknown_interval_is_no_reason_to_keep():
    """
    Where nothing is known of the difference, the one with the lowest loss stays.
    """
    found = selected([Candidate("deep", 30, (own(2, 0.0),)), Candidate("flat", 10, (own(3, 0.01),))], unknown)

    assert found.kept == "deep"
    assert not found.of("flat").surely_worse
    assert found.of("flat").interval is None


def test_the_best_simple_one_needs_no_comparison():
    """
    A constant that nothing improves upon is kept.
    """
    found = selected([Candidate("deep", 30, (own(2, 0.1),)), Candidate("none", 0, (NOISE,))], between)

    assert found.kept == found.best == "none"


def test_it_is_seldom_wrong_about_what_is_equal():
    """
    Of forty pairs that are equally good, hardly any simple one is called surely worse: the interval keeps its word.
    """
    wrong = 0
    for seed in range(40):
        pair = [Candidate("deep", 30, (own(2 * seed, 0.0),)), Candidate("flat", 10, (own(2 * seed + 1, 0.0),))]
        wrong += selected(pair, between).kept == "deep"

    assert wrong <= 4


def test_beside_the_rule_a_candidate_may_be_below():
    """
    A difference below 0 says that the candidate is better than what it stands beside.
    """
    found = beside(Candidate("flat", 10, (NOISE - 0.2,)), Candidate("rule", 0, (own(4, 0.0),)), between)

    assert found.interval.high < 0
