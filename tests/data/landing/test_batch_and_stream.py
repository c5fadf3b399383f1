"""One contract for the batch load and the stream of a table: the same records give the same rows, types and quarantine."""

import csv
import json
import random
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from shipworthy.data import fetching
from shipworthy.data.landing import land
from shipworthy.flows.receive import drain
from shipworthy.gateways import lake
from shipworthy.gateways.database import opened

from ...publishing import PUBLISHERS
from ...streaming import CONTRACT, Streaming, streaming

pytestmark = pytest.mark.journey

AT = datetime(2026, 6, 1, tzinfo=UTC)
COLUMNS = list(CONTRACT["columns"])
Record = dict[str, Any]


def records() -> list[Record]:
    """Return records as exports and messages have them: late ones, repeats, corrections, conflicts, and some that are wrong."""
    chance = random.Random(7)
    first = datetime(2026, 1, 1, 10, tzinfo=UTC)
    good = [
        {
            "id": number,
            "at": (first + timedelta(minutes=chance.randrange(100_000))).isoformat(),
            "day": f"2026-01-{number % 28 + 1:02}",
            "price": chance.choice([None, 0, 12.5, 0.1, number / 7]),
            "paid": chance.choice([True, False, None]),
            "shop": chance.choice(["lotus", "crane"]),
        }
        for number in range(300)
    ]
    corrected = [record | {"at": (first + timedelta(days=90)).isoformat(), "price": 99.5} for record in good[:20]]
    other_zone = [record | {"at": elsewhere(record["at"])} for record in good[20:30]]
    conflicts = [record | {"price": 77.0} for record in good[30:33]]
    wrong = [
        good[40] | {"id": 1000, "price": -1},
        good[41] | {"id": 1001, "shop": "swan"},
        good[42] | {"id": 1002, "day": "03/04/2026"},
        good[43] | {"id": 1003, "at": None},
        good[44] | {"id": None},
        good[45] | {"id": 1005, "paid": "maybe"},
        good[46] | {"id": 1.5},
        good[47] | {"id": 1007, "at": "2026-02-30 10:00"},
    ]
    return [*good, *good[100:140], *corrected, *other_zone, *conflicts, *wrong]


def elsewhere(moment: str) -> str:
    """Return the same moment as somebody five hours further west writes it."""
    return (datetime.fromisoformat(moment) - timedelta(hours=5)).replace(tzinfo=None).isoformat() + "-05:00"


BROKEN = [b'{"id": 1', b"no json", b"[1, 2]", b"", b"id=1\nid=2", b'"text"']


def as_lines(part: Sequence[Record]) -> str:
    return "".join(json.dumps(record) + "\n" for record in part)


def as_csv(part: Sequence[Record]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for record in part:
        writer.writerow({name: str(value).lower() if isinstance(value, bool) else value for name, value in record.items()})
    return text.getvalue()


class Landed:
    """What is landed and what is in quarantine, whatever the order and the form in which it came."""

    def __init__(self, into: Path) -> None:
        table = lake.read(into, "sources/orders", columns=COLUMNS)
        self.types = [(field.name, str(field.type)) for field in table.schema]
        self.rows = sorted(map(repr, table.to_pylist()))
        held = lake.read(into, "quarantine/orders").to_pylist()
        self.held = sorted((row["column"] or "", row["kind"], row["reason"], row["more"] or "") for row in held if row["state"] == "open")
        self.texts = sorted(row["text"] for row in held if row["state"] == "open" and not row["text"].startswith("{"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Landed) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


def by_files(stream: Streaming, written: str, parts: Sequence[Sequence[Record]]) -> Landed:
    """Land `parts` as files, one after the other."""
    form = {"csv": as_csv, "jsonl": as_lines}[written]
    (stream.root / "data").mkdir()
    for place, part in enumerate(parts):
        (stream.root / "data" / f"orders_{place}.{written}").write_text(form(part))
        land(stream.project, stream.contract, AT)
    return Landed(stream.project.lake)


def by_stream(stream: Streaming, parts: Sequence[Sequence[Record]], *more: bytes) -> Landed:
    """Land `parts` as messages, a drain and a landing after each, in an order of their own."""
    for place, part in enumerate(parts):
        shuffled = random.Random(place).sample(list(part), len(part))
        stream.send(*(json.dumps(record).encode() for record in shuffled), *(more if place == 0 else ()))
        assert drain(stream.project, stream.contract).messages == len(part) + (len(more) if place == 0 else 0)
        land(stream.project, stream.contract, AT)
    return Landed(stream.project.lake)


def cut(found: Sequence[Record], seed: int) -> list[list[Record]]:
    """Return the records in three parts that do not follow their order."""
    shuffled = random.Random(seed).sample(list(found), len(found))
    return [shuffled[:100], shuffled[100:250], shuffled[250:]]


@pytest.mark.parametrize("written", ["csv", "jsonl"])
@pytest.mark.parametrize("broker", PUBLISHERS)
def test_files_and_a_stream_give_the_same(
    broker: str, written: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Rows, types, repeats that count once, corrections beside what they correct, late records, conflicts, and the quarantine with
    its reasons.
    """
    made = [
        streaming(tmp_path / name, broker, request.getfixturevalue(broker), monkeypatch, path=f"data/orders*.{written}")
        for name in ("files", "stream")
    ]
    found = records()
    files, stream = by_files(made[0], written, cut(found, 1)), by_stream(made[1], cut(found, 2))

    assert stream.types == files.types
    assert stream.rows == files.rows
    assert stream.held == files.held
    assert (len(files.rows), len(files.held)) == (300 + 20 - 3, 8 + 2 * 3)


@pytest.mark.parametrize("broker", PUBLISHERS)
def test_what_is_no_record_is_held_with_its_text(
    broker: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Messages that are no JSON object are in quarantine beside the others, with the text that they had.
    """
    stream = streaming(tmp_path, broker, request.getfixturevalue(broker), monkeypatch)
    landed = by_stream(stream, [records()[:10]], *BROKEN)

    assert len(landed.rows) == 10
    assert len(landed.held) == len(BROKEN)
    texts = [json.loads(text) if text.startswith('"') else text for text in landed.texts]
    assert sorted(texts) == sorted(payload.decode() for payload in BROKEN if not payload.startswith(b"{"))


def test_a_database_gives_the_same_too(redis: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The third way in: a table, read on by its cursor, against a stream.
    """
    stream = streaming(tmp_path / "stream", "redis", redis, monkeypatch)
    asked = {"url_from": "SHOP_URL", "table": "orders", "cursor": "_row"}
    table = streaming(tmp_path / "table", "redis", redis, monkeypatch, database=asked)
    monkeypatch.setenv("SHOP_URL", "sqlite:///shop.db")
    parts = cut(records(), 3)
    with sqlite3.connect(tmp_path / "table" / "shop.db") as connection:
        connection.execute(f"create table orders (_row integer primary key, {', '.join(COLUMNS)})")
        for part in parts:
            texts = [[str(value).lower() if isinstance(value, bool) else value for value in record.values()] for record in part]
            connection.executemany(f"insert into orders ({', '.join(COLUMNS)}) values (?, ?, ?, ?, ?, ?)", texts)
            connection.commit()
            with opened(table.root, table.contract) as reader:
                fetching.fetch(reader, table.project.received / "orders")
            land(table.project, table.contract, AT)
    connection.close()

    by_table, streamed = Landed(table.project.lake), by_stream(stream, cut(records(), 4))
    assert (by_table.types, by_table.rows) == (streamed.types, streamed.rows)
    assert by_table.held == streamed.held
