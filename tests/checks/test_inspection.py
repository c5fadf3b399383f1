from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from shipworthy.bounds import Bound
from shipworthy.checks.base.contract import kinds, types
from shipworthy.checks.base.inspection import inspect
from shipworthy.checks.base.learnt import learnt
from shipworthy.errors import UnknownName
from shipworthy.gateways import engine
from shipworthy.gateways.engine import Connection
from shipworthy.records import Measurement, Verdict

AS_OF = datetime(2013, 6, 1, tzinfo=UTC)
ORDERS = pa.table(
    {
        "customer": ["a", "a", "b", "c"],
        "day": [datetime(2013, 5, day, tzinfo=UTC) for day in (1, 1, 2, 3)],
        "amount": [1.0, 2.0, None, 4.0],
        "order": [1, 2, 3, 4],
    }
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection that sees `orders`."""
    with engine.memory() as connection:
        connection.register("orders", ORDERS)
        yield connection


def said(connection: Connection, relation_sql: str = "orders", bounds: dict[str, Bound] | None = None) -> dict[str, Verdict]:
    """Return the verdicts on `relation_sql`, by check and subject."""
    found = kinds(types(connection, relation_sql))
    results = inspect(
        connection, relation_sql, found, relation="orders", as_of=AS_OF, keys=["customer", "day"], times=["day"], bounds=bounds
    )
    return {f"{verdict.name} {verdict.subject}": verdict for _, verdict in results}


def test_a_duplicate_key_is_shown(connection: Connection) -> None:
    """
    A key that names two rows comes with its values and how many rows it names.
    """
    verdict = said(connection)["duplicate_keys orders"]

    assert verdict.outcome == "fail"
    assert verdict.evidence["example"] == {"customer": "a", "day": "2013-05-01 00:00:00+00:00", "rows": "2"}
    assert "customer = a" in verdict.words


def test_a_null_in_a_key_is_a_duplicate(connection: Connection) -> None:
    """
    A row without its whole key cannot be told from another, and is named.
    """
    verdict = said(connection, "(select * replace (case when customer <> 'a' then customer end as customer) from orders where amount > 1)")

    assert verdict["duplicate_keys orders"].evidence["value"] == 1
    assert verdict["duplicate_keys orders"].evidence["example"]["customer"] == "null"


def test_a_future_time_is_shown_with_its_key(connection: Connection) -> None:
    """
    A time after the moment that the table is looked at is shown with the row it stands in.
    """
    verdict = said(connection, "(select * replace (day + interval 1 year as day) from orders where customer = 'b')")

    assert verdict["future_time orders.day"].outcome == "fail"
    assert verdict["future_time orders.day"].evidence["example"] == {"customer": "b", "day": "2014-05-02 00:00:00+00:00"}


def test_a_time_without_a_zone_is_read_as_utc(connection: Connection) -> None:
    """
    A column of plain timestamps is compared with the moment in UTC, wherever the machine stands.
    """
    verdict = said(connection, "(select * replace (timestamp '2013-06-01 00:00:00' as day) from orders)")

    assert verdict["future_time orders.day"].outcome == "pass"
    assert verdict["freshness orders.day"].evidence["value"] == 0


def test_a_bound_of_one_column_replaces_the_default(connection: Connection) -> None:
    """
    A bound for a check and a column holds for that column, one for a check for all the others.
    """
    verdicts = said(connection, bounds={"null_share": Bound(high=0.1), "null_share.amount": Bound(high=0.3)})

    assert verdicts["null_share orders.amount"].outcome == "pass"
    assert "at most 0.1" in verdicts["null_share orders.order"].words


def test_a_column_without_values_is_unknown_not_constant(connection: Connection) -> None:
    """
    Where only nulls are, there is nothing that could differ, and nothing that could be infinite.
    """
    verdicts = said(connection, "(select * replace (null::double as amount) from orders)")

    assert verdicts["distinct_count orders.amount"].outcome == "unknown"
    assert verdicts["not_finite orders.amount"].outcome == "unknown"
    assert verdicts["null_share orders.amount"].outcome == "fail"


def test_a_name_that_is_not_there_is_refused(connection: Connection) -> None:
    """
    A key or a bound that names no column or check is an error with the nearest name, not a silence.
    """
    with pytest.raises(UnknownName, match="did you mean 'customer'"):
        inspect(connection, "orders", {"customer": "text"}, relation="orders", as_of=AS_OF, keys=["custmer"])
    with pytest.raises(UnknownName, match="did you mean 'null_share'"):
        said(connection, bounds={"nul_share": Bound(high=1)})
    with pytest.raises(UnknownName, match="did you mean 'amount'"):
        said(connection, bounds={"null_share.amont": Bound(high=1)})


def test_a_rise_of_nulls_since_the_last_build_fails(connection: Connection) -> None:
    """
    A feature that is no emptier than before passes, and one that has lost a tenth of its values fails.
    """
    before = [
        Measurement("null_share", "orders.amount", 0.02, AS_OF, rows=100_000),
        Measurement("row_count", "orders", 10.0, AS_OF, rows=10),
    ]

    bounds = learnt(before)

    assert bounds["null_share.amount"].judge(0.025) == "pass"
    assert bounds["null_share.amount"].judge(0.12) == "fail"
    assert said(connection, bounds=bounds)["row_count orders"].outcome == "fail"


def test_few_rows_before_bind_loosely() -> None:
    """
    A share measured on few rows tells little of the next one.
    """
    bounds = learnt([Measurement("null_share", "orders.amount", 0.0, AS_OF, rows=20)])

    assert bounds["null_share.amount"].judge(0.1) == "pass"
    assert bounds["null_share.amount"].judge(0.5) == "fail"


def test_what_was_not_known_binds_nothing() -> None:
    """
    An unknown measurement of the last build gives no bound.
    """
    assert learnt([Measurement("null_share", "orders.amount", None, AS_OF, rows=0)]) == {}
