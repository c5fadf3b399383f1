"""Reads deliveries, each in its turn, into files beside the lake; small JSON files, as streams leave them, many at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from shipworthy.clock import utc
from shipworthy.data.landing.deliveries import Delivery, require_still
from shipworthy.data.landing.due import TRIED, Due
from shipworthy.data.landing.landings import Landing, fingerprint
from shipworthy.data.landing.reading import LOOKED_AT, missing_keys, more_keys, of_lines, opened, require_lines
from shipworthy.data.landing.staging import BREACHES, DELIVERY, stage, stage_texts
from shipworthy.errors import BadData, StepFailed
from shipworthy.gateways.engine import Connection, literal, memory, quoted
from shipworthy.spec.source import SourceSpec

SMALL_BYTES, BATCH_BYTES = 1_000_000, 32_000_000
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SAMPLED = 20_000
NEVER = utc(datetime(1970, 1, 1))


@dataclass(frozen=True, slots=True)
class Read:
    """The files that deliveries were read into, those of records that are tried again apart, and what is to be noted of each."""

    files: tuple[Path, ...]
    tried: tuple[Path, ...]
    entries: Mapping[str, Landing]


def deliveries(todo: Due, contract: SourceSpec, work: Path) -> Read:
    """Read all that is due into Parquet files in `work`.

    Raises:
        BadData: a delivery cannot be read as the contract says, has no records, or was written to meanwhile.
        UnknownName: a column of the contract is gone.
    """
    files: list[Path] = []
    entries: dict[str, Landing] = {}
    for place, batch in enumerate(_batches(todo.deliveries)):
        into = work / f"read-{place}.parquet"
        try:
            spill = work if sum(one.size for one in batch) > BATCH_BYTES else None
            with memory(ordered=True, spill=spill) as connection:  # records are numbered as they stand in their file
                entries |= _many(connection, batch, contract, into) if small(batch[0]) else _one(connection, batch[0], contract, into, work)
        except StepFailed as error:
            fix = "mend the export, or what the contract says of it; nothing of it is landed, the last landed version stays"
            raise BadData(where=batch[0].name, what=error.what, fix=fix) from None
        for delivery in batch:
            require_still(delivery)
        files.append(into)
    return Read(tuple(files), _again(todo.tried, contract, work), entries)


def _batches(found: Iterable[Delivery]) -> Iterator[Sequence[Delivery]]:
    batch: list[Delivery] = []
    for delivery in found:
        if not small(delivery):
            yield [delivery]
            continue
        batch.append(delivery)
        if sum(one.size for one in batch) > BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def small(delivery: Delivery) -> bool:
    """Return whether a delivery is a JSON file that may be read at once, with others like it."""
    return delivery.kind == "json" and delivery.size <= SMALL_BYTES and not delivery.name.endswith(".gz")


def _one(connection: Connection, delivery: Delivery, contract: SourceSpec, into: Path, work: Path) -> dict[str, Landing]:
    assert delivery.file is not None
    found = opened(connection, delivery, delivery.file, contract, work)
    stage(connection, delivery.name, found, contract, into)
    (entry,) = _entries(connection, [delivery], contract, into, more=found.more)
    silent = [name for name, count in entry.nulls.items() if count == entry.records]
    missing_keys(connection, delivery.name, found, contract, silent)
    return {delivery.name: entry}


def _many(connection: Connection, batch: Sequence[Delivery], contract: SourceSpec, into: Path) -> dict[str, Landing]:
    texts = pa.Table.from_pylist([line for delivery in batch for line in _lines(delivery)], schema=TRIED)
    stage_texts(connection, texts, contract, into)
    found = of_lines("texts", contract)
    more = more_keys(connection, f"(select * from texts limit {LOOKED_AT})", contract)
    entries = _entries(connection, batch, contract, into, more=more)
    silent = [name for name in contract.columns if all(entry.nulls.get(name, 0) == entry.records for entry in entries)]
    missing_keys(connection, batch[0].name, found, contract, silent)
    return {entry.delivery: entry for entry in entries}


def _lines(delivery: Delivery) -> Iterator[dict[str, object]]:
    """Yield the lines of a JSON file; bytes that are no text are shown as such, and are no JSON then."""
    assert delivery.file is not None
    require_lines(delivery, delivery.file)
    with delivery.file.open(encoding="utf-8-sig", errors="backslashreplace", newline="\n") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield {"_delivery": delivery.name, "_record": number, "_line": line.removesuffix("\n")}


def _again(tried: pa.Table, contract: SourceSpec, work: Path) -> tuple[Path, ...]:
    if not tried.num_rows:
        return ()
    into = work / "tried.parquet"
    with memory(spill=work) as connection:
        stage_texts(connection, tried, contract, into)
    return (into,)


def _entries(
    connection: Connection, batch: Sequence[Delivery], contract: SourceSpec, into: Path, *, more: tuple[str, ...]
) -> list[Landing]:
    kept = f"read_parquet({literal(str(into))})"
    nulls = ", ".join(f"count(*) filter ({BREACHES} is null and {quoted(name)} is null)" for name in contract.columns)
    counted = connection.execute(f"select {DELIVERY}, count(*), {nulls} from {kept} group by {DELIVERY}").fetchall()
    rows = {row[0]: row[1:] for row in counted}
    profiles = _profiles(connection, kept, contract)
    for delivery in batch:
        if delivery.name not in rows:
            fix = "look at the export; nothing of it is landed, the last landed version stays"
            raise BadData(where=delivery.name, what=f"'{delivery.name}' has no rows", fix=fix)
    return [
        Landing(
            one.name, "", one.size, one.modified, fingerprint(contract), rows[one.name][0], 0, 0, 0, 0, NEVER,
            {name: count for name, count in zip(contract.columns, rows[one.name][1:], strict=True) if count},
            profiles.get(one.name, {}), more,
        )
        for one in batch
    ]  # fmt: skip


def _profiles(connection: Connection, kept: str, contract: SourceSpec) -> dict[str, dict[str, list[float]]]:
    """Return where the values of each numeric column lie, by delivery, of a sample of those that keep the contract."""
    numbers = [name for name, column in contract.columns.items() if column.type in ("number", "integer")]
    if not numbers:
        return {}
    asked = ", ".join(f"quantile_cont({quoted(name)}::double, {list(QUANTILES)})" for name in numbers)
    sample = f"(select * from {kept} where {BREACHES} is null) as good tablesample reservoir({SAMPLED} rows) repeatable (7)"
    found = connection.execute(f"select {DELIVERY}, {asked} from {sample} group by {DELIVERY}").fetchall()
    return {row[0]: {name: where for name, where in zip(numbers, row[1:], strict=True) if where and None not in where} for row in found}
