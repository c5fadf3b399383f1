from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shipworthy.logbook import write
from shipworthy.logbook.latest import latest_runs, latest_verdicts
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Step, Verdict

FIRST = datetime(2013, 5, 1, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    opened = open_logbook(f"sqlite:///{tmp_path / 'logbook.db'}")
    yield opened
    opened.dispose()


def test_the_last_word_of_each_guard_counts(book: Engine) -> None:
    """
    A later verdict replaces the earlier one of the same guard on the same subject, and no other.
    """
    write.verdicts(book, "one", FIRST, [Verdict("grain", "a", "fail", "twice"), Verdict("grain", "b", "pass", "once")])
    write.verdicts(book, "two", FIRST + timedelta(days=1), [Verdict("grain", "a", "pass", "once")])

    said = [(at, verdict.subject, verdict.outcome) for at, verdict in latest_verdicts(book)]

    assert said == [(FIRST + timedelta(days=1), "a", "pass"), (FIRST, "b", "pass")]


def test_the_newest_runs_come_first(book: Engine) -> None:
    """
    Runs are cut at the asked number, the newest first, their steps in order of start.
    """
    for day in range(3):
        for place, name in enumerate(("build", "score")):
            write.step(book, Step(f"day-{day}", name, "done", FIRST + timedelta(days=day, seconds=place)))

    assert [(step.run, step.name) for step in latest_runs(book, 2)] == [
        ("day-2", "build"), ("day-2", "score"), ("day-1", "build"), ("day-1", "score"),
    ]  # fmt: skip
