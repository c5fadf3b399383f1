"""Champion and challenger: paired on the same rows."""

import numpy as np
import pytest

from shipworthy.errors import BadData
from shipworthy.evaluation.compare import compare

TIMES = np.datetime64("2013-05-01", "us") + np.arange(28 * 24) * np.timedelta64(3600, "s").astype("timedelta64[us]")
RNG = np.random.default_rng(5)
TRUTH = RNG.normal(scale=15, size=len(TIMES))
CHAMPION = TRUTH + RNG.normal(scale=5, size=len(TIMES))


def test_a_better_challenger_is_surely_better():
    """
    A challenger that is closer on most rows has a difference below 0, and its interval too.
    """
    found = compare("mae", TIMES, TRUTH, CHAMPION, TRUTH + (CHAMPION - TRUTH) * 0.9)

    assert found.rows == len(TIMES)
    assert found.difference == pytest.approx(found.challenger - found.champion)
    assert found.interval.high < 0


def test_a_champion_against_itself_is_no_difference():
    """
    The same answers differ by nothing at all.
    """
    found = compare("mse", TIMES, TRUTH, CHAMPION, CHAMPION)

    assert (found.difference, found.interval.low, found.interval.high) == (0.0, 0.0, 0.0)


def test_a_worse_challenger_is_surely_worse():
    """
    A challenger that adds noise has an interval above 0.
    """
    assert compare("mae", TIMES, TRUTH, CHAMPION, CHAMPION + RNG.normal(scale=9, size=len(TIMES))).interval.low > 0


def test_what_cannot_be_compared_is_unknown_or_refused():
    """
    A missing answer makes the comparison unknown; answers to other rows are refused.
    """
    broken = CHAMPION.copy()
    broken[0] = np.nan
    found = compare("mae", TIMES, TRUTH, CHAMPION, broken)

    assert (found.challenger, found.difference, found.interval) == (None, None, None)
    with pytest.raises(BadData):
        compare("mae", TIMES, TRUTH, CHAMPION, CHAMPION[1:])
