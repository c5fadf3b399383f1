"""What the online store holds of a relation: of each entity the rows that count around a moment, and from when on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from shipworthy.data.asof import usable, with_steps
from shipworthy.data.moments import event_sql, known_sql, moment
from shipworthy.data.parts import Part
from shipworthy.data.relation import NEVER_FEATURES, Relation
from shipworthy.errors import ShipworthyError
from shipworthy.gateways import lake as tables
from shipworthy.gateways.engine import Connection, memory, quoted
from shipworthy.gateways.online.entry import Entry, key, pack

WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT")
NUMBERS = ("BOOLEAN", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", *WHOLE)
TEXTS = ("VARCHAR", "ENUM")
BATCH = 50_000


def columns_of(relation: Relation, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of `relation` that the store holds: numbers and texts that may be features, in its order.

    One with a role is held only if it is among `asked`, the columns that specs list.
    """
    apart = (*relation.entity, relation.event_time, relation.known_time)
    held = []
    for name, kind in relation.columns.items():
        role = relation.roles.get(name)
        wanted = name in asked or (role is None and name not in apart)
        if wanted and role not in NEVER_FEATURES and kind.upper().startswith((*NUMBERS, *TEXTS)):
            held.append(name)
    return tuple(held)


def datable(relation: Relation) -> bool:
    """Return whether `relation` says enough of its entity and times to be looked up; a model cannot learn from one that does not."""
    try:
        relation.require_times()
        for name in relation.entity:
            relation.require(name)
        return relation.static or bool(event_sql(relation) and known_sql(relation))
    except ShipworthyError:
        return False


def beyond(lake: Path, relation: Relation, pin: tables.Pin, until: datetime) -> bool:
    """Return whether a row of `relation` takes effect after `until`."""
    if relation.static:
        return False
    with memory() as connection:
        tables.attach(connection, lake, relation.table, pin)
        effect = f"greatest({event_sql(relation)}, {known_sql(relation)})"
        later = f"select count(*) from {quoted(relation.table)} where {effect} > {moment(until)}"
        return bool(connection.execute(later).fetchall()[0][0])


def timelines(
    lake: Path, relation: Relation, pin: tables.Pin, columns: Sequence[str], since: datetime, until: datetime, *, memory_limit: str = "2GB"
) -> Iterator[tuple[bytes, bytes]]:
    """Yield each entity of a version of `relation`: its key, and its packed entries, as `gateways.online` keeps them.

    The entries are the row in effect at `since` and those that take effect after it, up to `until`: what a point-in-time join
    finds for any decision in between. An entity without such a row is left out, as is one with a null in its key.

    Args:
        lake: the folder of Delta tables.
        relation: its facts, with its columns as they are in the lake.
        pin: the version to read.
        columns: whose values are held, in this order; NaN is null, a boolean 0 or 1.
        since: aware; rows that were replaced before it are left out.
        until: aware; rows that take effect after it are left out.
        memory_limit: of the join; what does not fit is spilled to the lake's disk.
    """
    with TemporaryDirectory(dir=lake, prefix=".spill-") as spill, memory(memory_limit=memory_limit, spill=Path(spill)) as connection:
        tables.attach(connection, lake, relation.table, pin)
        for name, rows in groupby(_rows(connection, _sql(relation, columns, since, until)), key=lambda row: row[: len(relation.entity)]):
            yield key(name), pack([_entry(row[len(relation.entity) :]) for row in rows])


def _rows(connection: Connection, sql: str) -> Iterator[tuple[object, ...]]:
    for batch in connection.execute(sql).to_arrow_reader(BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _entry(row: Sequence[object]) -> Entry:
    effect, event, known, *values = row
    return Entry(effect, event, known, values)  # type: ignore[arg-type]


def _sql(relation: Relation, columns: Sequence[str], since: datetime, until: datetime) -> str:
    keys = [f"held.{quoted(name)}" for name in relation.entity]
    values = [_value(f"held.{quoted(name)}", relation.columns[name]) for name in columns]
    whole = " and ".join(f"{name} is not null" for name in keys)
    if relation.static:
        selected = ", ".join([*keys, *["null::bigint"] * 3, *values])
        return f"select {selected} from {quoted(relation.table)} as held where {whole} order by {', '.join(keys)}"
    steps, last = usable(Part("row", relation.entity, relation, {}, None), until)
    entity = ", ".join(map(quoted, relation.entity))
    placed = f"placed as (select *, lead(effect_time) over (partition by {entity} order by effect_time) as next_effect from {last})"
    counted = (
        f"counted as (select * from placed where effect_time <= {moment(until)} and (next_effect is null or next_effect > {moment(since)}))"
    )
    same = [f"held.{quoted(name)} = counted.{quoted(name)}" for name in relation.entity]
    same += [f"held.{event_sql(relation)} = counted.event_time", f"held.{known_sql(relation)} = counted.known_time"]
    times = [f"epoch_us(counted.{name}_time)" for name in ("effect", "event", "known")]
    joined = f"from counted join {quoted(relation.table)} as held on {' and '.join(same)}"
    return with_steps(
        [*steps, placed, counted],
        f"select {', '.join([*keys, *times, *values])} {joined} where {whole} order by {', '.join(keys)}, counted.effect_time",
    )


def _value(name: str, kind: str) -> str:
    if kind.upper().startswith(TEXTS):
        return f"{name}::varchar"
    if kind.upper() in ("DOUBLE", "FLOAT"):
        return f"case when not isnan({name}) then {name}::double end"
    return f"{name}::int::double" if kind.upper() == "BOOLEAN" else f"{name}::double"


def types(lake: Path, relation: Relation, pin: tables.Pin) -> Mapping[str, str]:
    """Return the SQL type of each column of a version of `relation`."""
    with memory() as connection:
        tables.attach(connection, lake, relation.table, pin)
        return {row[0]: row[1] for row in connection.execute(f"describe {quoted(relation.table)}").fetchall()}
