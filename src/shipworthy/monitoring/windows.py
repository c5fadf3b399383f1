"""Cuts time into windows that stay where they are from one tick to the next."""

from datetime import UTC, datetime, timedelta

from shipworthy.clock import utc
from shipworthy.records import Window

ORIGIN = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday: a window of 7 days is a calendar week


def windows(since: datetime, until: datetime, length: timedelta) -> list[Window]:
    """Return the windows of `length` that lie wholly between `since` and `until`, oldest first.

    They are aligned to a fixed Monday, whatever `since` and `until` are, so a window judged today is the same
    window tomorrow. For labels, `until` is the moment of knowledge less the label's horizon: later windows are
    not mature.

    Args:
        since: aware; a window that starts earlier is left out.
        until: aware; a window that ends later is left out.
        length: above zero.

    Raises:
        ValueError: `length` is not above zero.

    >>> [str(w.start.date()) for w in windows(datetime(2013, 7, 2, tzinfo=UTC), datetime(2013, 7, 24, tzinfo=UTC), timedelta(days=7))]
    ['2013-07-08', '2013-07-15']
    """
    if length <= timedelta(0):
        raise ValueError(f"a window of {length} has no length")
    first, last = -((ORIGIN - utc(since)) // length), (utc(until) - ORIGIN) // length
    return [Window(ORIGIN + place * length, ORIGIN + (place + 1) * length) for place in range(first, last)]


def before(window: Window, since: datetime) -> list[Window]:
    """Return the windows as long as `window` that lie wholly between `since` and its start, oldest first."""
    return windows(since, window.start, window.end - window.start)


def place_in_week(window: Window) -> timedelta:
    """Return how far into the week `window` starts.

    >>> place_in_week(Window(datetime(2013, 7, 2, tzinfo=UTC), datetime(2013, 7, 3, tzinfo=UTC)))
    datetime.timedelta(days=1)
    """
    return (window.start - ORIGIN) % timedelta(days=7)
