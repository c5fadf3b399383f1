"""How columns are distributed against the last build: what was rewritten is found, what only grew is not."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.checks.base.contract import Kind
from shipworthy.checks.base.shape import Shape, as_json, from_json, judge, measure
from shipworthy.gateways import engine
from shipworthy.gateways.engine import Connection
from shipworthy.records import Verdict

ROWS = 4_000
KINDS: dict[str, Kind] = {"day": "integer", "miles": "number", "rain": "number", "carrier": "text", "late": "boolean"}
DISTINCT = {"carrier": 3.0, "late": 2.0}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection that sees `flights`: a season in the miles, rain on one day in ten, three carriers."""
    drawn = np.random.default_rng(5)
    day = np.arange(ROWS) // 20
    rows = {
        "day": day,
        "miles": np.exp(drawn.normal(6.5, 0.6, ROWS) + np.sin(day / 30)),
        "rain": np.where(drawn.random(ROWS) < 0.1, drawn.exponential(0.2, ROWS), 0),
        "carrier": drawn.choice(["AA", "UA", ""], ROWS),
        "late": [None if chance < 0.1 else bool(chance > 0.7) for chance in drawn.random(ROWS)],
    }
    with engine.memory() as opened:
        opened.register("flights", pa.table(rows))
        yield opened


def shapes(connection: Connection, sql: str, before: dict[str, Shape] | None = None) -> dict[str, Shape]:
    return measure(connection, f"({sql}) r", KINDS, DISTINCT, before)


def found(connection: Connection, sql: str) -> dict[str, Verdict]:
    """Return the verdicts that are not passes on `sql` after a build of all flights, by column."""
    first = shapes(connection, "select * from flights")
    verdicts, _ = judge(shapes(connection, sql, first), first, relation="flights")
    return {verdict.subject.removeprefix("flights."): verdict for verdict in verdicts if verdict.outcome != "pass"}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("miles * 1.609 as miles", "miles"),
        ("rain * 25.4 as rain", "rain"),
        ("(miles - 32) * 5 / 9 as miles", "miles"),
        ("0.0 as miles", "miles"),
        ("rain - 1 as rain", "rain"),
        ("lower(carrier) as carrier", "carrier"),
        ("nullif(carrier, '') as carrier", "carrier"),
        ("true as late", "late"),
    ],
)
def test_a_column_that_was_rewritten_is_found(connection: Connection, change: str, column: str) -> None:
    """
    Another unit, also of a column that is mostly zero, another spelling, a default for all: it fails, alone, with shares before and now.
    """
    verdicts = found(connection, f"select * replace ({change}) from flights")

    assert list(verdicts) == [column]
    assert {"value", "share_before", "share_now"} <= verdicts[column].evidence["rows"][0].keys()


def test_a_change_of_unit_is_called_one(connection: Connection) -> None:
    """
    Where all values are the same number of times what they were, the finding says how many.
    """
    assert "about 1.6" in found(connection, "select * replace (miles * 1.609 as miles) from flights")["miles"].words


def test_growth_and_season_are_no_alarm(connection: Connection) -> None:
    """
    Built every ten days as it grows, the relation raises nothing, though its season doubles the miles and a day is new each day.
    """
    last = shapes(connection, "select * from flights where day < 10")
    for day in range(20, 200, 10):
        verdicts, last = judge(shapes(connection, f"select * from flights where day < {day}", last), last, relation="flights")
        assert [verdict.subject for verdict in verdicts if verdict.outcome != "pass"] == []


def test_a_column_that_moves_at_each_build_gets_more_room(connection: Connection) -> None:
    """
    What is made anew each time may move three times as far as it did before, and what stood still for three builds only a little.
    """
    shape = shapes(connection, "select * from flights")["miles"]
    other = shapes(connection, "select * replace (miles * 1.3 as miles) from flights", {"miles": shape})["miles"]

    def outcome(*past: float) -> str:
        verdicts, _ = judge({"miles": other}, {"miles": Shape(shape.edges, shape.counts, past)}, relation="flights")
        return verdicts[0].outcome

    assert outcome(0.0, 0.0, 0.0) == "fail"
    assert outcome(0.1, 0.0, 0.0) == "pass"


def test_shapes_survive_the_catalog(connection: Connection) -> None:
    """
    Kept as JSON and read again they are the same; nulls are in no bin, and what was not among the values before is in the last one.
    """
    first = shapes(connection, "select * from flights")
    then = shapes(connection, "select * replace ('new' as carrier) from flights", first)

    assert from_json(as_json(first)) == first
    assert then["carrier"].counts == (0, 0, 0, ROWS)
    assert first["late"].rows < ROWS


def test_nothing_is_compared_with_few_rows_or_none(connection: Connection) -> None:
    """
    A handful of rows tells nothing, and a column of nulls has no shape.
    """
    few = shapes(connection, "select * from flights limit 20")
    verdicts, _ = judge(shapes(connection, "select * replace (miles * 9 as miles) from flights limit 20", few), few, relation="flights")

    assert verdicts == []
    assert "miles" not in shapes(connection, "select * replace (null::double as miles) from flights")
