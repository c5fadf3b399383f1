"""How fast records come in, by each way: from a broker to a delivery on disk, from a database, and landed from either or from a file.

The same records each time, about 130 bytes of JSON. Servers are real ones on this machine, started as the tests start them (Kafka's
protocol by librdkafka's mock cluster); one that is not installed is left out. Wall and CPU time are of our process alone.

    python -m benchmarks.streams --records 20000
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from tests.publishing import PUBLISHERS
from tests.servers import STARTED

from shipworthy.data import fetching
from shipworthy.data.landing import land
from shipworthy.flows.receive import drain
from shipworthy.gateways.database import opened
from shipworthy.spec.project import Project, find, sources

AT = datetime(2026, 6, 1, tzinfo=UTC)
COLUMNS = {"id": "integer", "at": "timestamp", "price": "number", "paid": "boolean", "shop": "text"}


def made(count: int) -> list[dict[str, Any]]:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        {"id": n, "at": (first + timedelta(seconds=n)).isoformat(), "price": n / 7, "paid": n % 2 == 0, "shop": f"shop {n % 100}"}
        for n in range(count)
    ]


@contextmanager
def project(**said: Any) -> Iterator[Project]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sources").mkdir()
        (root / "shipworthy.yml").write_text("{}\n")
        columns = {name: {"type": kind} for name, kind in COLUMNS.items()}
        contract = {"source": "orders", "key": ["id"], "known_time": "at", "columns": columns, **said}
        (root / "sources" / "orders.yml").write_text(yaml.safe_dump(contract))
        yield find(root)


def timed(name: str, count: int, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:44}{wall:8.2f} s{count / wall:12,.0f}/s{cpu / count * 1e6:10.0f} us CPU a record", flush=True)


def landed(name: str, count: int, where: Project) -> None:
    timed(name, count, lambda: land(where, sources(where)["orders"], AT))


def by_broker(name: str, payloads: Sequence[bytes]) -> None:
    with STARTED[name]() as server:
        publisher = PUBLISHERS[name](server.address)
        publisher.make("orders")
        publisher.send("orders", payloads)
        os.environ["BROKER"] = server.address
        with project(stream={"broker": name, "address_from": "BROKER", "topic": "orders", "hold": "6 seconds"}) as where:
            timed(f"{name}: to deliveries", len(payloads), lambda: drain(where, sources(where)["orders"]))
            landed(f"{name}: landed", len(payloads), where)


def by_file(payloads: Sequence[bytes]) -> None:
    with project(path="orders.jsonl") as where:
        (where.root / "orders.jsonl").write_bytes(b"\n".join(payloads) + b"\n")
        landed("one file of JSON lines: landed", len(payloads), where)


def by_database(rows: Sequence[dict[str, Any]]) -> None:
    with STARTED["postgres"]() as server, psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("create table orders (id bigint, at timestamptz, price double precision, paid boolean, shop text)")
        with connection.cursor().copy("copy orders from stdin") as copy:
            for row in rows:
                copy.write_row(list(row.values()))
        os.environ["SHOP_URL"] = server.address
        with project(database={"url_from": "SHOP_URL", "table": "orders", "cursor": "at"}) as where:

            def fetch() -> None:
                with opened(where.root, sources(where)["orders"]) as reader:
                    fetching.fetch(reader, where.received / "orders")

            timed("postgres: to a delivery", len(rows), fetch)
            landed("postgres: landed", len(rows), where)
            timed("postgres: again, nothing new", len(rows), fetch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    rows = made(parser.parse_args().records)
    payloads = [json.dumps(row).encode() for row in rows]
    by_file(payloads)
    for work in (lambda: by_database(rows), *(lambda name=name: by_broker(name, payloads) for name in PUBLISHERS)):
        try:
            work()
        except pytest.skip.Exception as absent:
            print(f"left out: {absent}")


if __name__ == "__main__":
    main()
