"""When the schedule of a project ticks: the calendar of cron."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, pairwise

from croniter import croniter

from shipworthy.errors import BadSpec

LOOKED_AT = 2000
FROM = datetime(2024, 1, 1, tzinfo=UTC)


def next_tick(schedule: str, after: datetime) -> datetime:
    """Return when the cron expression `schedule` (in UTC) is next due.

    Raises:
        BadSpec: it is none.

    >>> next_tick("0 6 * * *", datetime.fromisoformat("2026-01-01T07:00+00:00")).isoformat()
    '2026-01-02T06:00:00+00:00'
    """
    due: datetime = _ticks(schedule, after).get_next(datetime)
    return due


@cache
def longest_wait(schedule: str) -> timedelta:
    """Return the longest time between two of the next ticks of the cron expression `schedule`; weekends and nights count.

    Raises:
        BadSpec: it is none.

    >>> str(longest_wait("0 6 * * *")), str(longest_wait("*/10 9-17 * * 1-5"))
    ('1 day, 0:00:00', '2 days, 15:10:00')
    """
    ticks: Iterator[datetime] = islice(_ticks(schedule, FROM).all_next(datetime), LOOKED_AT)
    return max(after - before for before, after in pairwise(ticks))


def _ticks(schedule: str, after: datetime) -> croniter:
    if not croniter.is_valid(schedule):
        raise BadSpec(where="shipworthy.yml: schedule", what=f"{schedule!r} is no cron expression", fix="write one such as '0 6 * * *'")
    return croniter(schedule, after)
