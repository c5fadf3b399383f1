"""Looks at a holdout: counted where somebody changed something, not where time went on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shipworthy.flows.budget import in_words, level_for, looks
from shipworthy.logbook import read, write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Interval, ModelVersion, Promise, Window

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WINDOW = Window(NOON - 28 * DAY, NOON)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    book = open_logbook(f"sqlite:///{tmp_path}/logbook.db")
    yield book
    book.dispose()


def trained(book: Engine, version: int, spec: str, rows: str, later: timedelta = timedelta(0)) -> None:
    """Keep a version, trained with `spec` on `rows`, its holdout `later` than the first."""
    window = Window(WINDOW.start + later, WINDOW.end + later)
    write.promises(book, [Promise("delay", version, "offline", "mae", window, 9, 2.0, Interval(1, 3, 0.99), None, None, NOON)])
    run = f"train-delay-{rows}-{spec}"
    write.version(book, ModelVersion("delay", version, window.end, window.end, run, rows, f"models/delay/{version}", sound=True))


def asked(book: Engine, number: int, spec: str, rows: str, later: timedelta = timedelta(0)) -> int:
    window = Window(WINDOW.start + later, WINDOW.end + later)
    return looks(book, "delay", number=number, run=f"train-delay-{rows}-{spec}", training_set=rows, window=window)


def test_each_other_spec_on_the_same_holdout_is_a_look(book: Engine) -> None:
    """
    The first training has one look; the fourth, with a fourth spec, has four; the second told again has two.
    """
    assert asked(book, 1, "a", "r") == 1
    for version, spec in enumerate("abc", start=1):
        trained(book, version, spec, "r")

    assert asked(book, 4, "d", "r") == 4
    assert asked(book, 2, "b", "r") == 2


def test_other_rows_for_the_same_holdout_are_a_look(book: Engine) -> None:
    """
    Somebody changed the SQL of a feature: the spec is the same, the holdout too, the training set is not.
    """
    trained(book, 1, "a", "r")

    assert asked(book, 2, "a", "s") == 2
    trained(book, 2, "a", "s")
    assert asked(book, 3, "b", "s") == 3


def test_retraining_on_schedule_costs_nothing(book: Engine) -> None:
    """
    The same spec week after week has one look each time, however much the holdouts overlap.
    """
    for version in range(1, 9):
        assert asked(book, version, "a", f"r{version}", version * 7 * DAY) == 1
        trained(book, version, "a", f"r{version}", version * 7 * DAY)


def test_what_was_looked_at_long_ago_counts_no_more(book: Engine) -> None:
    """
    Another spec on a holdout that shares less than half of this one was no look at it.
    """
    for version, spec in enumerate("abc", start=1):
        trained(book, version, spec, "r")

    assert asked(book, 4, "d", "s", 10 * DAY) == 4
    assert asked(book, 4, "d", "s", 20 * DAY) == 1


def test_looks_widen_intervals_and_are_told() -> None:
    """
    Five looks share one chance in twenty; a first look needs no words.
    """
    assert level_for(5) == pytest.approx(0.99)
    assert in_words(1) == ""
    assert in_words(5).startswith("This holdout has been looked at 5 times")
    assert "99.0%" in in_words(5)


def test_the_ledger_keeps_the_level(book: Engine) -> None:
    """
    A promise comes back with the level of its intervals, so that what is compared with it knows how wide they were drawn.
    """
    trained(book, 1, "a", "r")
    [kept] = read.promises(book, "delay")

    assert kept.interval == Interval(1, 3, 0.99)
    assert replace(kept, interval=None) != kept
