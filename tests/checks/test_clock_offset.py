"""Time columns of which one is local and the other UTC."""

from shipworthy.checks.base.clock_offset import clock_offset
from shipworthy.checks.base.contract import kinds, types
from shipworthy.gateways import engine
from shipworthy.records import Verdict

HOURS = "(select timestamp '2013-01-01' + n * interval '1 hour' as moment from range(8000) t(n))"
LOCAL = f"(select moment as utc, (moment at time zone 'UTC') at time zone 'America/New_York' as local from {HOURS}) r"


def said(relation_sql: str) -> list[Verdict]:
    with engine.memory() as connection:
        return clock_offset(connection, relation_sql, kinds(types(connection, relation_sql)), relation="weather")


def test_local_time_beside_utc_is_told() -> None:
    """
    Five hours apart in winter and four in summer: a column of New York's time beside one in UTC is reported, with both figures.
    """
    (verdict,) = said(LOCAL)

    assert verdict.noted
    assert {row["hours"] for row in verdict.evidence["rows"]} == {4.0, 5.0}


def test_other_times_are_not() -> None:
    """
    A fixed delay, a delay of one or two hours at any time of the year, and the same time twice are no zones.
    """
    assert said(f"(select moment, moment + interval '5 hours' as later from {HOURS}) r") == []
    assert said(f"(select moment, moment + to_hours((4 + hour(moment) % 2)::int) as later from {HOURS}) r") == []
    assert said(f"(select moment, moment as again from {HOURS}) r") == []
    assert said("(select timestamp '2013-01-01' as moment, timestamp '2013-01-01' as again where false) r") == []
