"""What the online store holds gives, at every moment between two builds, the row that a point-in-time join finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from shipworthy.data.given import retrieve
from shipworthy.data.relation import Relation
from shipworthy.data.timelines import beyond, columns_of, datable, timelines, types
from shipworthy.gateways import lake
from shipworthy.gateways.online.entry import EPOCH, Entry, in_effect, key, micros, unpack
from shipworthy.spec.model import Features, ModelSpec

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MOMENT = pa.timestamp("us", "UTC")
SCHEMA = pa.schema({"shop": pa.string(), "at": MOMENT, "known": MOMENT, "waiting": pa.float64()})
LATE = {"entity": ["shop"], "event_time": "at", "known_time": "known"}
LAGGED = {"entity": ["shop"], "event_time": "at", "latency": "7 minutes"}
SPEC = ModelSpec.model_validate({
    "model": "minutes",
    "decisions": {"relation": "orders", "entity": "order_id", "time": "ordered_at"},
    "label": {"relation": "orders", "column": "minutes", "known_at": "ordered_at", "horizon": "1 day"},
    "features": [{"relation": "queue", "on": "shop"}],
})  # fmt: skip


def row(shop: str, at: datetime, known: datetime | None = None, waiting: float | None = 1.0) -> dict[str, Any]:
    return {"shop": shop, "at": at, "known": known or at, "waiting": waiting}


def written(folder: Path, rows: list[dict[str, Any]], meta: dict[str, Any], schema: pa.Schema = SCHEMA) -> tuple[Relation, lake.Pin]:
    lake.overwrite(folder, "published/queue", pa.Table.from_pylist(rows, schema))
    pin = lake.pin(folder, "published/queue")
    relation = Relation.of("queue", meta, {})
    return replace(relation, columns=types(folder, relation, pin)), pin


def held(folder: Path, rows: list[dict[str, Any]], meta: dict[str, Any], since: datetime, until: datetime) -> dict[bytes, list[Entry]]:
    relation, pin = written(folder, rows, meta)
    return {name: unpack(packed) for name, packed in timelines(folder, relation, pin, ["waiting"], since, until)}


def history(random: Random) -> list[dict[str, Any]]:
    """Return rows of two shops around noon: late ones, corrections of earlier events, some known at once; each moment once."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for shop in ("dragon", "lotus"):
        for _ in range(random.randint(0, 25)):
            at = NOON + random.randint(-120, 120) * MINUTE
            known = at + random.choice([0, 0, 1, 5, 60, 200]) * MINUTE
            rows[shop, at, known] = row(shop, at, known, float(random.randint(0, 1000)))
    return list(rows.values())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("meta", [LATE, LAGGED], ids=["known_time", "latency"])
def test_every_moment_gives_what_the_join_finds(tmp_path: Path, seed: int, meta: dict[str, Any]) -> None:
    """
    From what is kept on until as far ahead as was put there, the entry in effect is the row of the point-in-time join.
    """
    rows = history(Random(seed))
    if meta is LAGGED:
        rows = list({(one["shop"], one["at"]): one for one in rows}.values())
    since, until = NOON - 30 * MINUTE, NOON + 90 * MINUTE
    entries = held(tmp_path, rows, meta, since, until)
    orders = pa.schema({"order_id": pa.string(), "shop": pa.string(), "ordered_at": MOMENT, "minutes": pa.float64()})
    lake.overwrite(tmp_path, "published/orders", orders.empty_table())
    relations = {"orders": Relation.of("orders", {}, {}), "queue": Relation.of("queue", meta, {})}
    moments = [since + (until - since) * step / 60 for step in range(61)]
    given = pa.table({"decided_at": pa.array(moments * 2, MOMENT), "shop": ["dragon"] * 61 + ["lotus"] * 61})

    spec = SPEC.model_copy(update={"features": [Features(relation="queue", on="shop", columns=["waiting"])]})
    found = retrieve(tmp_path, spec, relations, given, until)

    online = [in_effect(entries.get(key([one["shop"]]), []), one["decided_at"]) for one in given.to_pylist()]
    assert [entry and entry.values[0] for entry in online] == found["waiting"].to_pylist()
    assert [entry and EPOCH + timedelta(microseconds=entry.event or 0) for entry in online] == found["queue event_time"].to_pylist()
    assert [entry and EPOCH + timedelta(microseconds=entry.known or 0) for entry in online] == found["queue known_time"].to_pylist()


def test_what_becomes_known_later_waits_for_its_moment(tmp_path: Path) -> None:
    """
    A row whose knowledge lies after the build is in the store with the moment from which it counts, and is not found before.
    """
    rows = [row("dragon", NOON - 60 * MINUTE, waiting=1.0), row("dragon", NOON, NOON + 30 * MINUTE, waiting=2.0)]

    (entries,) = held(tmp_path, rows, LATE, NOON, NOON + 60 * MINUTE).values()

    assert [entry.values for entry in entries] == [[1.0], [2.0]]
    assert [(in_effect(entries, NOON + minutes * MINUTE) or entries[0]).values[0] for minutes in (29, 30)] == [1.0, 2.0]
    assert entries[1].effect == micros(NOON + 30 * MINUTE)


def test_what_was_replaced_long_ago_is_not_held(tmp_path: Path) -> None:
    """
    Of an entity with a long history the store has one row, and of one whose key is null none.
    """
    rows = [row("dragon", NOON - minutes * MINUTE, waiting=float(minutes)) for minutes in range(60, 600, 10)]
    rows.append({**row("dragon", NOON - 5 * MINUTE), "shop": None})

    entries = held(tmp_path, rows, LATE, NOON - 10 * MINUTE, NOON + 10 * MINUTE)

    assert {name: [entry.values[0] for entry in one] for name, one in entries.items()} == {key(["dragon"]): [60.0]}


def test_rows_that_wait_beyond_are_told(tmp_path: Path) -> None:
    """
    A row that takes effect after what is put into the store is left out, and that there is one can be asked.
    """
    relation, pin = written(tmp_path, [row("dragon", NOON), row("dragon", NOON, NOON + 90 * MINUTE)], LATE)

    assert beyond(tmp_path, relation, pin, NOON + 89 * MINUTE)
    assert not beyond(tmp_path, relation, pin, NOON + 90 * MINUTE)
    ((_, packed),) = timelines(tmp_path, relation, pin, ["waiting"], NOON, NOON + 89 * MINUTE)
    assert len(unpack(packed)) == 1


def test_values_are_what_a_model_takes(tmp_path: Path) -> None:
    """
    NaN is null, a boolean 0 or 1, a whole number its float; a static row has no times; a date or a list is no feature.
    """
    schema = pa.schema(
        {"shop": pa.int64(), "open": pa.bool_(), "seats": pa.int32(), "stars": pa.float64(), "kind": pa.string(), "since": pa.date32()}
    )
    rows = [{"shop": 3, "open": True, "seats": 20, "stars": float("nan"), "kind": "thai", "since": NOON.date()}]
    relation, pin = written(tmp_path, rows, {"entity": ["shop"], "static": True}, schema)
    columns = columns_of(relation, [])

    assert columns == ("open", "seats", "stars", "kind")
    ((name, packed),) = timelines(tmp_path, relation, pin, columns, NOON, NOON)
    assert (name, unpack(packed)) == (key([3]), [Entry(None, None, None, [1.0, 20.0, None, "thai"])])


def test_a_column_with_a_role_is_held_only_where_a_spec_lists_it(tmp_path: Path) -> None:
    """
    What is personal is not in the store unless a model reads it, and what is known after the event never is.
    """
    columns = dict.fromkeys(("shop", "at", "phone", "refund", "waiting"), "DOUBLE")
    relation = Relation.of("queue", LATE, columns, {"phone": "personal", "refund": "post_outcome"})

    assert columns_of(relation, []) == ("waiting",)
    assert columns_of(relation, ["phone", "refund"]) == ("phone", "waiting")


@pytest.mark.parametrize(
    ("meta", "sound"),
    [
        (LATE, True),
        ({"entity": ["shop"], "static": True}, True),
        ({"entity": ["shop"], "event_time": "at"}, False),
        ({"entity": ["shp"], "static": True}, False),
    ],
)
def test_a_relation_that_cannot_be_dated_is_told_apart(meta: dict[str, Any], sound: bool) -> None:
    """
    Without times, or with an entity that is no column, nothing can be looked up; a model could not learn from it either.
    """
    assert datable(Relation.of("queue", meta, {"shop": "VARCHAR", "at": "TIMESTAMP", "known": "TIMESTAMP"})) is sound
