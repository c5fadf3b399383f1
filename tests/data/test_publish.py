"""Publishing: a relation of the warehouse becomes a version of the lake, once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from shipworthy.data.publish import described, publish
from shipworthy.gateways import engine, lake
from shipworthy.gateways.engine import Connection


@pytest.fixture
def connection() -> Iterator[Connection]:
    with engine.memory() as connection:
        connection.execute("create table orders as select 1 as id, 1.25::decimal(9, 2) as price, timestamp '2026-01-01 10:00' as placed")
        yield connection


def test_the_same_rows_make_no_version(connection: Connection, tmp_path: Path) -> None:
    """
    Rebuilt by dbt in another order, the relation is the same: readers keep their version.
    """
    connection.execute("insert into orders values (2, 2.5, null)")
    first = publish(connection, tmp_path, "orders", "orders")
    connection.execute("create or replace table orders as select * from orders order by id desc")

    assert publish(connection, tmp_path, "orders", "orders") == first


@pytest.mark.parametrize(
    "change",
    [
        "insert into orders select * from orders",
        "update orders set price = 1.26",
        "update orders set placed = null",
        "alter table orders rename price to cost",
        "alter table orders alter id type bigint",
        "delete from orders",
    ],
)
def test_any_change_makes_a_version(connection: Connection, tmp_path: Path, change: str) -> None:
    """
    A row twice, a value, a null, a name, a type, no rows: each is seen, and the version of before stays.
    """
    first = publish(connection, tmp_path, "orders", "orders")
    before = lake.read(tmp_path, first)
    connection.execute(change)
    second = publish(connection, tmp_path, "orders", "orders")

    assert second.version > first.version
    assert lake.read(tmp_path, first).equals(before)
    assert lake.read(tmp_path, second).num_rows == connection.execute("select count(*) from orders").fetchall()[0][0]


def test_two_rows_that_change_places_are_a_change(connection: Connection, tmp_path: Path) -> None:
    """
    Values that go from one row to another leave each column as it was, and are seen all the same.
    """
    connection.execute("insert into orders values (2, 2.5, null)")
    first = publish(connection, tmp_path, "orders", "orders")
    connection.execute("update orders set price = 3.75 - price")

    assert publish(connection, tmp_path, "orders", "orders").version > first.version


def test_types_are_those_that_every_reader_has(connection: Connection, tmp_path: Path) -> None:
    """
    A time without a zone is UTC, a decimal is a number; a relation under a name that needs quotes is read.
    """
    connection.execute('create view "select" as select *, price * 2 as "in €" from orders')
    pin = publish(connection, tmp_path, "select", '"select"')

    assert described(connection, "orders")["price"] == "DECIMAL(9,2)"
    assert connection.execute("select price from orders").fetchall() == [(Decimal("1.25"),)]
    assert lake.read(tmp_path, pin).to_pylist() == [{"id": 1, "price": 1.25, "placed": datetime(2026, 1, 1, 10, tzinfo=UTC), "in €": 2.5}]
