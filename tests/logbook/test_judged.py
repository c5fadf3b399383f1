from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shipworthy.bounds import Outcome
from shipworthy.logbook import judged, write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Measurement, Verdict

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=day) for day in range(4)]


def said(name: str, subject: str, outcome: Outcome = "pass") -> Verdict:
    return Verdict(name, subject, outcome, f"{subject} {outcome}")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    opened = open_logbook(f"sqlite:///{tmp_path / 'logbook.db'}")
    write.verdicts(opened, "build-0", DAYS[0], [said("grain", "orders"), said("null_share", "orders.paid", "fail")])
    write.verdicts(opened, "build-1", DAYS[1], [said("null_share", "orders.paid")])
    write.verdicts(opened, "build-2", DAYS[2], [said("quarantine", "landed.orders", "unknown"), said("drift", "churn@1", "fail")])
    write.verdicts(opened, "build-3", DAYS[3], [said("grain", "orders_x"), said("grain", "ordersy")])
    write.measurements(opened, [Measurement("row_count", "kpi", 3.0, DAYS[0])])
    yield opened
    opened.dispose()


def test_a_build_counts_that_looked_at_a_column_alone(book: Engine) -> None:
    """
    Moments are those of a relation and of its columns, the newest of them, oldest first.
    """
    assert judged.moments(book, ["orders"], 9) == DAYS[:2]
    assert judged.moments(book, ["orders"], 1) == [DAYS[1]]
    assert judged.moments(book, ["landed.orders"], 9) == [DAYS[2]]
    assert judged.moments(book, ["order"], 9) == []


def test_verdicts_are_those_of_the_relation_and_of_no_other(book: Engine) -> None:
    """
    A name that begins alike is another relation, and an underscore stands for itself.
    """
    assert [verdict.subject for _, verdict in judged.verdicts_over(book, "orders", DAYS[0])] == ["orders", "orders.paid", "orders.paid"]
    assert [at for at, _ in judged.verdicts_over(book, "orders", DAYS[1])] == [DAYS[1]]
    assert judged.verdicts_over(book, "orders_", DAYS[0]) == []


def test_outcomes_are_told_once_for_each_subject_and_moment(book: Engine) -> None:
    """
    From a moment on, oldest first, whatever was judged.
    """
    assert judged.outcomes(book, DAYS[1])[:2] == [(DAYS[1], "orders.paid", "pass"), (DAYS[2], "churn@1", "fail")]


def test_whatever_was_measured_or_judged_is_a_subject(book: Engine) -> None:
    """
    Once each, in alphabetical order.
    """
    assert judged.subjects(book) == ["churn@1", "kpi", "landed.orders", "orders", "orders.paid", "orders_x", "ordersy"]
