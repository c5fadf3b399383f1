"""Intervals: how often they hold the truth is measured, on days that resemble each other and on days that do not."""

import numpy as np
import pytest

from shipworthy.evaluation.interval import LEAST_DAYS, mean_interval

START = np.datetime64("2013-01-01", "us")


def days(count: int, rows: int = 1) -> np.ndarray:
    """Return `rows` times on each of `count` days."""
    return np.repeat(START + np.arange(count) * np.timedelta64(1, "D"), rows)


def coverage(count: int, *, likeness: float, repeats: int = 400) -> float:
    """Return how often intervals hold the true mean, 0, where each day has a mood and a day's mood lasts with `likeness`."""
    rng = np.random.default_rng(11)
    shock = rng.normal(size=(repeats, count + 30))
    mood = np.zeros_like(shock)
    for day in range(1, count + 30):
        mood[:, day] = likeness * mood[:, day - 1] + shock[:, day]
    values = np.repeat(mood[:, 30:], 8, axis=1) + rng.normal(size=(repeats, count * 8))
    times = days(count, 8)
    intervals = [mean_interval(row, times) for row in values]
    return float(np.mean([interval.low <= 0 <= interval.high for interval in intervals]))


@pytest.mark.parametrize(("count", "lowest"), [(7, 0.89), (28, 0.91), (60, 0.91)])
def test_an_interval_holds_the_truth_nearly_nineteen_times_in_twenty(count, lowest):
    """
    Where rows of a day share its mood, intervals of a week, a month and two months hold the truth about as often as they say.
    """
    assert lowest < coverage(count, likeness=0.0) < 0.99


def test_moods_that_last_cost_little():
    """
    Where a day's mood lasts into the next, an interval of two months still holds the truth more than seventeen times in twenty.
    """
    assert coverage(60, likeness=0.3) > 0.88


def test_rows_of_one_day_are_no_independent_witnesses():
    """
    A thousand rows on each of ten days say no more than the ten days do: the interval stays as wide.
    """
    mood = np.random.default_rng(2).normal(size=10)

    few = mean_interval(mood, days(10))
    many = mean_interval(np.repeat(mood, 1000), days(10, 1000))

    assert many.high - many.low == pytest.approx(few.high - few.low)


def test_the_order_of_rows_does_not_matter_and_a_repeat_is_the_same():
    """
    An interval depends on values and times alone.
    """
    rng = np.random.default_rng(3)
    values, times = rng.normal(size=600), days(30, 20)
    order = rng.permutation(600)

    assert mean_interval(values, times) == mean_interval(values, times)
    shuffled = mean_interval(values[order], times[order])
    assert (shuffled.low, shuffled.high) == pytest.approx((mean_interval(values, times).low, mean_interval(values, times).high))


def test_pairing_finds_a_difference_that_the_days_would_hide():
    """
    Of two answers to the same rows the differences are measured: a small lead on wild days is still sure.
    """
    rng = np.random.default_rng(4)
    wild, times = np.repeat(rng.normal(scale=20, size=28), 30), days(28, 30)
    lead = wild - 0.5 + rng.normal(scale=0.5, size=len(wild))

    apart = mean_interval(lead, times)
    paired = mean_interval(lead - wild, times)

    assert apart.low < 0 < apart.high
    assert paired.high < 0


@pytest.mark.parametrize("count", [0, 1, LEAST_DAYS - 1])
def test_few_days_are_unknown(count):
    """
    Fewer than five days have no interval, however many rows they hold.
    """
    assert mean_interval(np.zeros(count * 1000), days(count, 1000)) is None


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_value_that_is_not_known_makes_the_interval_unknown(broken):
    """
    One NaN or infinity among the values: nobody knows where their mean lies.
    """
    values = np.zeros(30)
    values[7] = broken

    assert mean_interval(values, days(30)) is None


def test_groups_are_drawn_in_place_of_days():
    """
    Where rows of a group are alike, a thousand of them in five groups are no more certain than five.
    """
    day = np.full(1000, np.datetime64("2026-01-01", "us"))
    values, groups = np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], 200), np.repeat(np.arange(5), 200)

    alike, alone = (mean_interval(values, day, together=codes) for codes in (groups, np.arange(1000)))

    assert mean_interval(values, day) is None
    assert alike.high - alike.low > 2
    assert alone.high - alone.low < 0.3
