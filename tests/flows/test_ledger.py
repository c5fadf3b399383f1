"""The ledger of promises: the same number from each stage, windows summed to months."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shipworthy.flows.ledger import ledger
from shipworthy.logbook import write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Interval, Promise, Stage, Window

MAY = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    engine = open_logbook(f"sqlite:///{tmp_path / 'logbook.db'}")
    yield engine
    engine.dispose()


def line(stage: Stage, week: int, rows: int, value: float | None, difference: Interval | None = None, version: int = 1) -> Promise:
    start = MAY + timedelta(weeks=week)
    window = Window(start, start + timedelta(weeks=1))
    interval = Interval(value - 1, value + 1) if value is not None else None
    return Promise("late", version, stage, "mae", window, rows, value, interval, 6.0, difference, window.end)


def test_windows_of_a_month_are_one_line(book: Engine) -> None:
    """
    The realized windows of a month are one line whose value is the mean over its rows, without an interval that nobody computed.
    """
    write.promises(book, [line("realized", 0, 100, 4.0, Interval(-3.0, -1.0)), line("realized", 1, 300, 8.0, Interval(0.5, 2.0))])
    write.promises(book, [line("offline", 0, 50, 5.0)])

    offline, may = ledger(book, "late")

    assert (offline.stage, offline.value, offline.interval) == ("offline", 5.0, Interval(4.0, 6.0))
    assert (may.period, may.rows, may.windows, may.value, may.interval) == ("2026-05", 400, 2, 7.0, None)
    assert (may.better, may.worse) == (1, 1)


def test_an_unknown_window_makes_the_month_unknown(book: Engine) -> None:
    """
    A window with rows and no value is not known, and so is the mean of its month; one without rows does not count.
    """
    write.promises(
        book, [line("realized", 0, 100, 4.0), line("realized", 1, 20, None), line("realized", 5, 0, None), line("realized", 6, 10, 3.0)]
    )

    may, june = ledger(book)

    assert (may.value, june.value) == (None, 3.0)


def test_lines_come_by_version_and_stage(book: Engine) -> None:
    """
    The lines of a version stand together, offline first, whatever the order of writing.
    """
    write.promises(
        book, [line("realized", 0, 9, 4.0, version=2), line("backtest", 0, 9, 4.0), line("realized", 0, 9, 4.0), line("offline", 0, 9, 4.0)]
    )

    assert [(found.version, found.stage) for found in ledger(book)] == [(1, "offline"), (1, "backtest"), (1, "realized"), (2, "realized")]
