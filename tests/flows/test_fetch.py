"""`build` takes what databases and streams hold, lands it and goes on, without anything else running."""

import csv
import json
import sqlite3
from datetime import timedelta

import pytest
import yaml

from shipworthy.flows.build import build
from shipworthy.gateways import lake
from shipworthy.logbook import read

from ..conftest import BUILT, Shop
from ..publishing import Redis
from ..servers import Server

pytestmark = pytest.mark.journey


def test_a_build_reads_what_is_no_file(built: Shop, redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same orders from a database, and more of them by a stream: all are landed and published; the logbook says what came.
    """
    monkeypatch.setenv("SHOP_URL", "sqlite:///data/shop.db")
    monkeypatch.setenv("BROKER", redis.address)
    rows = list(csv.DictReader((built.root / "data" / "orders.csv").read_text().splitlines()))
    with sqlite3.connect(built.root / "data" / "shop.db") as connection:
        connection.execute(f"create table orders ({', '.join(rows[0])})")
        connection.executemany(f"insert into orders values ({', '.join('?' * len(rows[0]))})", [list(row.values()) for row in rows])
    connection.close()
    said = yaml.safe_load((built.root / "sources" / "orders.yml").read_text())
    del said["path"]
    stream = {"broker": "redis", "address_from": "BROKER", "topic": "more_orders"}
    (built.root / "sources" / "orders.yml").write_text(
        yaml.safe_dump(said | {"database": {"url_from": "SHOP_URL", "table": "orders"}, "stream": stream})
    )
    publisher = Redis(redis.address)
    publisher.make("more_orders")
    more = [rows[0] | {"order_id": f"later{number}"} for number in range(5)]
    publisher.send("more_orders", [json.dumps(row).encode() for row in [*more, more[0]]])

    result = build(built.project, built.book, BUILT + timedelta(hours=1))

    told = [(verdict.outcome, verdict.words) for verdict in result.verdicts if verdict.name == "fetched"]
    assert told == [("pass", f"{len(rows):,} rows in 1 deliveries"), ("pass", "6 messages in 1 deliveries")]
    landed = lake.read(built.project.lake, "sources/orders")["order_id"].to_pylist()
    assert sorted(landed) == sorted([row["order_id"] for row in rows] + [row["order_id"] for row in more])
    assert {verdict.subject for _, verdict in read.verdicts(built.book) if verdict.name == "fetched"} == {"landed.orders"}
