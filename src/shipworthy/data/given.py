"""Features of decisions that somebody names: the same join as of a training set, for rows that need not be in the lake."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path

import pyarrow as pa

from shipworthy.clock import utc
from shipworthy.data import grain
from shipworthy.data.asof import given_sql
from shipworthy.data.parts import relation_of
from shipworthy.data.relation import Relation
from shipworthy.data.training_set import FRAME, opened, pinned
from shipworthy.errors import BadData, UnknownName
from shipworthy.gateways.engine import Connection, quoted
from shipworthy.gateways.lake import Pin
from shipworthy.spec.model import ModelSpec

TIME = "decided_at"


def retrieve(
    lake: Path,
    spec: ModelSpec,
    relations: Mapping[str, Relation],
    given: pa.Table,
    as_of: datetime,
    *,
    pins: Mapping[str, Pin] | None = None,
    memory_limit: str = "2GB",
) -> pa.Table:
    """Return the features of the relations of `spec` for each row of `given`, in its order, as known at its `decided_at`.

    Beside the features, of each part (see `data.parts`): `"<alias> found"`, `"<alias> event_time"`, `"<alias> known_time"` of the
    row that they are of; null where there is none, or it is older than `max_age`. A null key finds nothing.

    Args:
        lake: the folder of Delta tables.
        spec: the model.
        relations: the facts of each relation of the spec, by name.
        given: shape (n, k), n of any size: `decided_at`, not null and not after `as_of`, and each column of decisions that is a key.
            Values are cast to the types that they have in the relation of decisions.
        as_of: aware; only what was known by then counts.
        pins: which version of a relation to read; the newest where none is given.
        memory_limit: of the join.

    Raises:
        UnknownName: `given` lacks a column.
        BadData: a `decided_at` that is null or after `as_of`, a value that is not of its type, features that break what was said of them.
    """
    as_of = utc(as_of)
    with opened(lake, pinned(lake, spec, pins), relations, memory_limit) as (connection, seen):
        _take(connection, given, relation_of(seen, spec.decisions.relation), keys_of(spec))
        _require_times(connection, as_of)
        grain.require_unique_facts(connection, spec, seen)
        connection.execute(f"create temp table {FRAME} as {given_sql(spec, seen, as_of)}")
        grain.require_rows(connection, FRAME, given.num_rows, spec, seen, as_of)
        rows: pa.Table = connection.execute(f"select * exclude (entity, {TIME}) from {FRAME} order by entity").to_arrow_table()
    return rows


def keys_of(spec: ModelSpec) -> list[str]:
    """Return the columns of decisions by which features are found, each once."""
    return list(dict.fromkeys(chain.from_iterable(part.keys for part in spec.features)))


def _take(connection: Connection, given: pa.Table, decided: Relation, keys: list[str]) -> None:
    """Make `given` a table of the connection: `entity` is the row's place."""
    for name in [TIME, *keys]:
        if name not in given.column_names:
            raise UnknownName.of("column", name, known=given.column_names, where="the decisions that are given")
    connection.register("given_rows", given.append_column("given place", pa.array(range(given.num_rows), pa.int64())))
    casts = ", ".join(f"try_cast({quoted(name)} as {decided.columns[decided.require(name)]}) as {quoted(name)}" for name in keys)
    selected = ", ".join(['"given place" as entity', f"{_moment(connection)} as {TIME}", *([casts] if casts else [])])
    connection.execute(f"create temp table given as select {selected} from given_rows")
    for name in keys:
        _require_cast(connection, name, decided.columns[name])


def _moment(connection: Connection) -> str:
    kinds = {row[0]: row[1] for row in connection.execute("describe given_rows").fetchall()}
    zoned = "ZONE" in kinds[TIME] or not kinds[TIME].startswith(("TIMESTAMP", "DATE"))
    return f"try_cast({TIME} as timestamptz)" if zoned else f"{TIME}::timestamp at time zone 'UTC'"


def _require_cast(connection: Connection, name: str, kind: str) -> None:
    lost = (
        f'from given join given_rows on entity = "given place" where given.{quoted(name)} is null and given_rows.{quoted(name)} is not null'
    )
    rows = connection.execute(f"select given_rows.{quoted(name)}::varchar, entity {lost} order by entity limit 1").fetchall()
    if rows:
        what = f"'{rows[0][0]}' in row {rows[0][1] + 1} is no {kind}"
        raise BadData(where=f"the decisions that are given, column {name}", what=what, fix="write it as it is in the relation of decisions")


def _require_times(connection: Connection, as_of: datetime) -> None:
    where = f"where {TIME} is null or {TIME} > $as_of order by entity limit 1"
    rows = connection.execute(f"select entity, {TIME} from given {where}", {"as_of": as_of}).fetchall()
    if rows:
        place, time = rows[0]
        what = f"row {place + 1} has no moment" if time is None else f"row {place + 1} is decided at {time}, after {as_of}"
        fix = "give each decision its moment, with its zone" if time is None else "leave it out, or take a later --as-of"
        raise BadData(where=f"the decisions that are given, column {TIME}", what=what, fix=fix)
