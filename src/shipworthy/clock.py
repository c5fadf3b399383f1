"""The only place that asks the time; a time-lapse and the tests pin it.

A process asks `now()`. Where the environment variable `SHIPWORTHY_CLOCK` names a file, the time
is what that file says, so that a service, a console and a loop in processes of their own can be
led through history together.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

PINNED_BY = "SHIPWORTHY_CLOCK"


def now() -> datetime:
    """Return the present moment, aware and in UTC: the pinned one where the clock is pinned."""
    pinned = os.environ.get(PINNED_BY)
    return read(Path(pinned)) if pinned else datetime.now(UTC)


def wall() -> datetime:
    """Return the machine's time, also where the clock is pinned: for leases, and for how long a step took."""
    return datetime.now(UTC)


def pin(file: Path, moment: datetime) -> None:
    """Write `moment` (aware) to `file`, at once for every process that is led by it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(utc(moment).isoformat())
    beside.replace(file)


def read(file: Path) -> datetime:
    """Return the moment that `file` is pinned to."""
    return utc(datetime.fromisoformat(file.read_text().strip()))


def utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; one without a zone is read as UTC.

    >>> utc(datetime(2026, 1, 1)).isoformat()
    '2026-01-01T00:00:00+00:00'
    """
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
