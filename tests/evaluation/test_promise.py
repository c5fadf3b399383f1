"""Promises: a line of the ledger from rows, unknown where it cannot be known."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from shipworthy.errors import BadData
from shipworthy.evaluation.promise import by_period, periods, promise
from shipworthy.records import Window

NOW = datetime(2013, 9, 1, tzinfo=UTC)
WINDOW = Window(datetime(2013, 5, 1, tzinfo=UTC), datetime(2013, 6, 1, tzinfo=UTC))
TIMES = np.datetime64("2013-04-24", "us") + np.arange(24 * 60) * np.timedelta64(3600, "s").astype("timedelta64[us]")
RNG = np.random.default_rng(1)
TRUTH = RNG.normal(scale=10, size=len(TIMES))
ANSWERS = TRUTH + RNG.normal(scale=3, size=len(TIMES))
RULE = TRUTH + RNG.normal(scale=6, size=len(TIMES))


def promised(times=TIMES, truth=TRUTH, answers=ANSWERS, rule=RULE, window=WINDOW):
    """Return the promise of the tests, with some of it replaced."""
    return promise("late", 3, "offline", "mae", times, truth, answers, rule, window, NOW)


def test_a_promise_counts_the_rows_of_its_window_alone():
    """
    A promise is the metric over the decisions in its window, start included and end not, beside the rule on the same rows.
    """
    line = promised()
    inside = TIMES.astype("datetime64[M]") == np.datetime64("2013-05")

    assert line.rows == inside.sum() == 31 * 24
    assert line.value == pytest.approx(np.abs(ANSWERS - TRUTH)[inside].mean())
    assert line.rule == pytest.approx(np.abs(RULE - TRUTH)[inside].mean())
    assert line.interval.low < line.value < line.interval.high
    assert line.difference.low < line.value - line.rule < line.difference.high < 0
    assert (line.model, line.version, line.stage, line.metric, line.measured_at) == ("late", 3, "offline", "mae", NOW)


def test_no_rows_are_an_unknown_promise():
    """
    A window without decisions is a line whose numbers are all unknown.
    """
    nobody = Window(WINDOW.start - timedelta(days=400), WINDOW.start - timedelta(days=300))
    line = promised(window=nobody)

    assert line.rows == 0
    assert (line.value, line.interval, line.rule, line.difference) == (None, None, None, None)


@pytest.mark.parametrize("which", ["truth", "answers"])
def test_one_missing_number_makes_the_promise_unknown(which):
    """
    A missing truth or answer is not left out quietly: the value is unknown, and so is the difference.
    """
    broken = (TRUTH if which == "truth" else ANSWERS).copy()
    broken[24 * 10] = np.nan
    line = promised(**{which: broken})

    assert (line.value, line.interval, line.difference) == (None, None, None)


def test_a_rule_that_is_silent_leaves_the_value_known():
    """
    Without a rule, or with one that misses a row, the model's value stands and the difference is unknown.
    """
    silent = RULE.copy()
    silent[24 * 10] = np.nan

    for rule in (None, silent):
        line = promised(rule=rule)
        assert line.value is not None
        assert (line.rule, line.difference) == (None, None)


def test_arrays_of_other_rows_are_refused():
    """
    Answers to other rows than the outcomes are refused with the counts.
    """
    with pytest.raises(BadData, match="1440 times, 1440 outcomes, 1439 answers, 1440 answers of the rule"):
        promised(answers=ANSWERS[1:])


@pytest.mark.parametrize(("every", "count"), [("month", 3), ("week", 9)])
def test_periods_have_no_gap_and_no_overlap(every, count):
    """
    The periods of a window follow each other from its start to its end, and their rows are its rows.
    """
    window = Window(datetime(2013, 4, 24, 7, tzinfo=UTC), datetime(2013, 6, 20, 3, tzinfo=UTC))
    lines = by_period("late", 3, "realized", "mae", TIMES, TRUTH, ANSWERS, RULE, window, NOW, every=every)

    assert len(lines) == count
    assert [line.window.start for line in lines[1:]] == [line.window.end for line in lines[:-1]]
    assert (lines[0].window.start, lines[-1].window.end) == (window.start, window.end)
    assert sum(line.rows for line in lines) == promised(window=window).rows


def test_weeks_begin_on_monday_and_december_ends():
    """
    Weeks are cut at Monday, months at the first, across the end of a year.
    """
    window = Window(datetime(2013, 12, 28, tzinfo=UTC), datetime(2014, 1, 3, tzinfo=UTC))

    assert [part.start.day for part in periods(window, "week")] == [28, 30]
    assert [part.start.day for part in periods(window, "month")] == [28, 1]
