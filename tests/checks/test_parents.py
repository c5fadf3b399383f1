"""A relation beside its parents: which join multiplied its rows, which lost most of them."""

from collections.abc import Iterator

import pytest

from shipworthy.checks.base.parents import lost_rows, multiplied_by
from shipworthy.gateways import engine
from shipworthy.gateways.engine import Connection

FLIGHTS = "select n as flight, n % 3 as origin, 2013 as year, n % 40 as plane from range(400) t(n)"
WEATHER = "select n as origin, n * 10 as wind from range(3) t(n) union all select 1, 10"
PLANES = "select n as plane, 1990 + n as year from range(40) t(n)"
PARENTS = {"flights": "flights", "weather": "weather", "planes": "planes"}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection that sees flights, weather with one origin twice, and planes with a year of their own."""
    with engine.memory() as opened:
        for name, sql in (("flights", FLIGHTS), ("weather", WEATHER), ("planes", PLANES)):
            opened.execute(f"create table {name} as {sql}")
        yield opened


def test_the_parent_that_has_a_row_twice_is_named(connection: Connection) -> None:
    """
    Of two joins the one with the weather multiplies: it alone has several rows for the key that comes twice.
    """
    joined = "(select * from flights join weather using (origin) join (select plane from planes) p using (plane)) r"

    assert multiplied_by(connection, joined, ["flight"], PARENTS) == {"weather": 2}
    assert multiplied_by(connection, "flights", ["flight"], PARENTS) == {}


@pytest.mark.parametrize(
    ("sql", "noted"),
    [
        ("select * from {{ ref('flights') }} join {{ ref('planes') }} using (plane, year)", True),
        ("select * from {{ ref('flights') }} natural join {{ ref('planes') }}", True),
        ("select * from flights left join planes using (plane)", None),
        ("select plane, count(*) from flights join planes using (plane) group by plane", None),
        ("select * from flights -- join planes", None),
    ],
)
def test_an_inner_join_that_loses_most_rows_is_told(connection: Connection, sql: str, noted: bool | None) -> None:
    """
    A join that takes the year as well keeps next to nothing of the flights; what groups, or keeps all rows, is not asked.
    """
    verdict = lost_rows(connection, "(select * from flights limit 9) r", sql, PARENTS, relation="delays")

    assert (verdict.noted if verdict else None) is noted
    assert verdict is None or "9 rows, 2.2% of the 400 of flights" in verdict.words


def test_a_join_that_keeps_its_rows_passes(connection: Connection) -> None:
    """
    With the right key all flights are kept, and nothing is noted.
    """
    sql = "select * from flights join planes using (plane)"
    verdict = lost_rows(connection, "flights", sql, PARENTS, relation="delays")

    assert verdict is not None
    assert (verdict.outcome, verdict.noted) == ("pass", False)
