"""When clocks are changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

SUNDAY = 6


def clock_changes(start: datetime, end: datetime) -> list[datetime]:
    """Return the days, in UTC, between two moments on which Europe or North America change their clocks.

    Europe does so on the last Sundays of March and October (Directive 2000/84/EC), North America on the second Sunday of March and the
    first of November (Energy Policy Act of 2005).

    >>> [day.date().isoformat() for day in clock_changes(datetime(2013, 1, 1, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC))]
    ['2013-03-10', '2013-03-31', '2013-10-27', '2013-11-03']
    """
    found = {day for year in range(start.year, end.year + 1) for day in _of_year(year)}
    return sorted(day for day in found if start < day < end)


def _of_year(year: int) -> Iterator[datetime]:
    yield _sunday(year, 3, 8)
    yield _sunday(year, 3, 25)
    yield _sunday(year, 10, 25)
    yield _sunday(year, 11, 1)


def _sunday(year: int, month: int, day: int) -> datetime:
    """Return the first Sunday from a day on."""
    first = datetime(year, month, day, tzinfo=UTC)
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7)
