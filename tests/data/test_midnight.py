import pytest

from shipworthy.data.midnight import midnight_times
from shipworthy.data.relation import Relation
from shipworthy.gateways.engine import memory

DAYS = "(values (timestamptz '2024-03-01'), (timestamptz '2024-03-02'), (timestamptz '2024-03-03')) t(day)"
HOURS = "(values (timestamptz '2024-03-01'), (timestamptz '2024-03-02'), (timestamptz '2024-03-03 11:00')) t(day)"


def judged(rows: str = DAYS, kind: str = "TIMESTAMP WITH TIME ZONE", **times: str):
    with memory() as connection:
        return midnight_times(connection, rows, Relation("sales", ("shop",), **times, columns={"day": kind, "told": "TIMESTAMP"}))


def test_days_known_when_they_begin_are_a_finding():
    """
    The words show the first, the fix the latency.
    """
    verdict = judged(event_time="day", known_time="day")

    assert (verdict.outcome, verdict.subject) == ("fail", "sales.day")
    assert "all 3 times are at midnight, the first 2024-03-01" in verdict.words
    assert "latency: 1 day" in verdict.fix


def test_moments_pass():
    """
    One time that is not midnight shows that they are moments.
    """
    assert judged(HOURS, event_time="day", known_time="day").outcome == "pass"


def test_a_column_of_days_is_a_finding_without_a_look_at_its_rows():
    """
    A day does not say when something was known.
    """
    assert judged(kind="DATE", event_time="day", known_time="day").outcome == "fail"


def test_no_rows_are_unknown():
    """
    Too few rows cannot tell days from moments.
    """
    assert judged(f"(from {DAYS} limit 0) t", event_time="day", known_time="day").outcome == "unknown"


@pytest.mark.parametrize("times", [{}, {"event_time": "day", "latency": "1 day"}, {"event_time": "day", "known_time": "told"}])
def test_who_said_when_days_are_known_is_not_asked(times):
    """
    A latency or a time of knowledge of its own is an answer.
    """
    relation = Relation.of("sales", {"entity": "shop", **times}, {"day": "TIMESTAMP WITH TIME ZONE", "told": "TIMESTAMP"})
    with memory() as connection:
        assert midnight_times(connection, DAYS, relation) is None
