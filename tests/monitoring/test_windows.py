"""Windows stay where they are from one tick to the next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shipworthy.monitoring.windows import before, place_in_week, windows
from shipworthy.records import Window

WEEK = timedelta(days=7)
MOMENTS = some.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC))
SPANS = some.timedeltas(timedelta(days=-1), timedelta(days=100))
LENGTHS = some.timedeltas(timedelta(hours=1), timedelta(days=40))


@settings(deadline=None)
@given(MOMENTS, SPANS, LENGTHS)
def test_windows_are_whole_and_touch(since, span, length):
    """
    Every window has the asked length, starts where the one before it ends, and lies wholly inside; none is left out.
    """
    until = since + span
    found = windows(since, until, length)

    assert all(window.end - window.start == length and since <= window.start and window.end <= until for window in found)
    assert all(one.end == other.start for one, other in pairwise(found))
    assert found or until - since < 2 * length
    assert not found or found[0].start - since < length


@settings(deadline=None)
@given(MOMENTS, LENGTHS, some.timedeltas(timedelta(0), timedelta(days=90)))
def test_a_later_tick_finds_the_same_windows_again(since, length, later):
    """
    Windows of an earlier tick are among those of a later one: nothing is cut anew.
    """
    until = since + timedelta(days=60)

    assert windows(since, until + later, length)[: len(windows(since, until, length))] == windows(since, until, length)


def test_a_week_is_a_calendar_week():
    """
    A window of seven days starts on a Monday.
    """
    found = windows(datetime(2013, 5, 1, tzinfo=UTC), datetime(2013, 6, 1, tzinfo=UTC), WEEK)

    assert [window.start.weekday() for window in found] == [0, 0, 0]


def test_a_length_of_nothing_is_refused():
    """
    A window without a length is an error, not an endless list.
    """
    with pytest.raises(ValueError, match="no length"):
        windows(datetime(2013, 1, 1, tzinfo=UTC), datetime(2013, 2, 1, tzinfo=UTC), timedelta(0))


def test_the_windows_before_one_end_where_it_starts():
    """
    Past windows are as long as the one they are compared with, and never overlap it.
    """
    tuesday = Window(datetime(2013, 7, 2, tzinfo=UTC), datetime(2013, 7, 3, tzinfo=UTC))
    past = before(tuesday, tuesday.start - timedelta(days=3))

    assert len(past) == 3
    assert past[-1].end == tuesday.start
    assert place_in_week(tuesday) == place_in_week(Window(tuesday.start - WEEK, tuesday.end - WEEK))
