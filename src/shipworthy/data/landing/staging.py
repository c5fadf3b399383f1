"""Reads a delivery into a Parquet file beside the lake: each record with its values, or with what breaks the contract and its text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from shipworthy.data.landing import dates
from shipworthy.data.landing.parsing import Reading, as_text, reading
from shipworthy.data.landing.reading import Opened, is_object, of_lines
from shipworthy.gateways.engine import Connection, literal, quoted
from shipworthy.spec.source import SourceSpec

DELIVERY, RECORD, BREACHES, TEXT = "_delivery", "_record", "_breaches", "_text"
NO_JSON = "{'column': null::varchar, 'kind': 'json', 'reason': 'is no JSON object'}"


@dataclass(frozen=True, slots=True)
class Staged:
    """What a delivery came to: its records, and how many of them break the contract."""

    records: int
    broken: int


def stage(connection: Connection, name: str, found: Opened, contract: SourceSpec, into: Path) -> Staged:
    """Read the records of the delivery `name` into the Parquet file `into`.

    Where some dates of a column can only be read with day and month in each other's place, those that read both ways break
    the contract too: the delivery is not written as the contract says, and nobody can tell.
    """
    staged = _stage(connection, literal(name), found, contract, into, doubtful=())
    doubtful = _doubtful(connection, into, contract) if staged.broken else ()
    return _stage(connection, literal(name), found, contract, into, doubtful=doubtful) if doubtful else staged


def stage_texts(connection: Connection, texts: pa.Table, contract: SourceSpec, into: Path) -> Staged:
    """Read records that are JSON texts, with the columns `_delivery`, `_record` and `_line`, into the Parquet file `into`."""
    connection.register("texts", texts)
    return _stage(connection, DELIVERY, of_lines("texts", contract), contract, into, doubtful=())


def _stage(connection: Connection, name: str, found: Opened, contract: SourceSpec, into: Path, *, doubtful: Sequence[str]) -> Staged:
    places = zip(contract.columns, found.kinds, strict=True)
    readings = [reading(place, column, kind, contract, doubtful=column in doubtful) for place, (column, kind) in enumerate(places)]
    connection.execute(f"copy ({_records(name, found, contract, readings)}) to {literal(str(into))} (format parquet, compression snappy)")
    records, broken = connection.execute(f"select count(*), count({BREACHES}) from read_parquet({literal(str(into))})").fetchall()[0]
    return Staged(records, broken)


def _records(name: str, found: Opened, contract: SourceSpec, readings: Sequence[Reading]) -> str:
    nulls = ", ".join(f"{one.null} as n{place}" for place, one in enumerate(readings))
    values = ", ".join(f"{one.value} as v{place}" for place, one in enumerate(readings))
    named = ", ".join(f"v{place} as {quoted(one.name)}" for place, one in enumerate(readings))
    broken = " or ".join(breach.condition for one in readings for breach in one.breaches)
    told = ", ".join(
        f"case when {breach.condition} then {{'column': {literal(one.name)}, 'kind': {breach.kind}, 'reason': {breach.reason}}} end"
        for one in readings
        for breach in one.breaches
    )
    told = f"list_filter([{told}], lambda one: one is not null)"
    if found.lines:
        broken, told = f"not _object or {broken}", f"case when _object then {told} else [{NO_JSON}] end"
        nulls = f"{nulls}, {is_object('_line')} as _object"
    read = f"select *, {values} from (select *, {nulls} from {found.relation})"
    text = "_line" if found.lines else _text(found, contract)
    return (
        f"select {named}, {name} as {DELIVERY}, _record, case when _broken then {told} end as {BREACHES}, "
        f"case when _broken then {text} end as {TEXT} from (select *, ({broken}) as _broken from ({read}))"
    )


def _text(found: Opened, contract: SourceSpec) -> str:
    """Return SQL of a record as JSON, each value as the text that it was."""
    pairs = [
        f"{literal(name)}, {as_text(f'r{place}', kind, column)}"
        for place, ((name, column), kind) in enumerate(zip(contract.columns.items(), found.kinds, strict=True))
    ]
    return f"json_object({', '.join(pairs)})::varchar"


def _doubtful(connection: Connection, staged: Path, contract: SourceSpec) -> list[str]:
    """Return the columns of which some values can only be read with day and month in each other's place."""
    candidates = [name for name, column in contract.columns.items() if dates.swapped(column)]
    if not candidates:
        return []
    told = f"select unnest({BREACHES}) as told from read_parquet({literal(str(staged))}) where {BREACHES} is not null"
    found = connection.execute(f"select distinct told.column from ({told}) where told.kind = 'swapped'").fetchall()
    return [row[0] for row in found if row[0] in candidates]


def landed_text(contract: SourceSpec) -> str:
    """Return SQL of a landed row as the JSON text that the contract reads back as the same row."""
    kinds = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
    pairs = [
        f"{literal(name)}, {as_text(quoted(name), kinds.get(column.type, 'TIMESTAMP WITH TIME ZONE'), column)}"
        for name, column in contract.columns.items()
    ]
    return f"json_object({', '.join(pairs)})::varchar"


def replaced(text: str, values: Mapping[str, str | None]) -> str:
    """Return the JSON record `text` with `values` in place of those that it has.

    >>> replaced('{"a":"1","b":"x"}', {"b": "2"})
    '{"a": "1", "b": "2"}'
    """
    return json.dumps(json.loads(text) | dict(values), ensure_ascii=False)
