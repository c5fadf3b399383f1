"""How many rows are usual, by the place in the week."""

from datetime import timedelta

from shipworthy.monitoring.examples import MONDAY, weeks
from shipworthy.monitoring.monitors.base import Comparison, Seen
from shipworthy.monitoring.monitors.volume import Volume
from shipworthy.records import Window

DAY = timedelta(days=1)


def outcome(comparison):
    return Volume().judge(comparison)[0].verdict.outcome


def days(*rows: int) -> Comparison:
    *past, current = (Seen(window=Window(MONDAY + place * DAY, MONDAY + (place + 1) * DAY), rows=count) for place, count in enumerate(rows))
    return Comparison(model="demand", current=current, past=tuple(past))


def test_a_sunday_is_compared_with_sundays():
    """
    A quiet day is no alarm where that weekday is always quiet, and a busy one is.
    """
    five_weeks = [1000, 1000, 1000, 1000, 1000, 400, 100] * 4 + [1000, 1000, 1000, 1000, 1000, 400]

    assert outcome(days(*five_weeks, 105)) == "pass"
    assert outcome(days(*five_weeks, 1000)) == "fail"


def test_three_weeks_do_not_tell_what_is_usual():
    """
    Fewer than four past windows are unknown.
    """
    assert outcome(weeks(1000, 1000, 1000, 100)) == "unknown"


def test_no_rows_where_there_were_some_is_a_failure():
    """
    Silence is not health: an empty window after full ones fails.
    """
    assert outcome(weeks(1000, 1100, 900, 1000, 0)) == "fail"


def test_weeks_that_swing_widen_the_limit():
    """
    Where past weeks halve and double, half a week is nothing new.
    """
    assert outcome(weeks(500, 1000, 2000, 700, 1500, 600)) == "pass"
