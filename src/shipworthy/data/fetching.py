"""From a table or query of a database to deliveries on disk.

With a cursor only rows at or above the last value are read: those of the last value again, for more may have come; landing
counts what comes twice once. Without one the delivery is the whole table, and takes the place of the one before.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from filecmp import cmp
from pathlib import Path

import msgspec

from shipworthy.data.receiving import new_delivery, part_of, sweep
from shipworthy.data.typed_rows import Writing
from shipworthy.errors import BadSpec
from shipworthy.gateways import durable
from shipworthy.gateways.database import Reader, Row
from shipworthy.spec.source import SourceSpec

MOST_ROWS = 500_000
"""How many rows a delivery has: after each, a connection that is lost costs no more than the next one."""

SNAPSHOT = "snapshot.parquet"
MARK = "cursor.json"
Value = int | Decimal | datetime | date | str
KINDS: dict[str, type[Value]] = {"int": int, "Decimal": Decimal, "datetime": datetime, "date": date, "str": str}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a database."""

    source: str
    rows: int = 0
    deliveries: int = 0

    @property
    def words(self) -> str:
        """It in words."""
        return f"{self.rows:,} rows in {self.deliveries:,} deliveries" if self.deliveries else "nothing new"


class Mark(msgspec.Struct, frozen=True):
    """How far a source was read: the last value of its cursor, as text, and what its rows of that value and of none held."""

    reads: str
    kind: str
    value: str
    ties: str

    @property
    def last(self) -> Value:
        """The value as the database has it."""
        kind = KINDS[self.kind]
        return kind.fromisoformat(self.value) if issubclass(kind, date) else kind(self.value)


def fetch(reader: Reader, folder: Path) -> Fetched:
    """Write what `reader` has that is new into `folder`, as deliveries; each is on disk, whole, before the next begins."""
    sweep(durable.make(folder))
    said = reader.contract.database
    assert said is not None
    return _new_rows(reader, folder, said.cursor) if said.cursor else _snapshot(reader, folder)


def _snapshot(reader: Reader, folder: Path) -> Fetched:
    file = folder / SNAPSHOT
    with Writing(part_of(file), reader.columns) as written:
        for batch in reader.rows():
            written.add(batch)
    if file.exists() and cmp(file, written.file, shallow=False):
        written.file.unlink()
        return Fetched(reader.contract.source)
    durable.finish(written.file, file)
    return Fetched(reader.contract.source, written.rows, 1)


def _new_rows(reader: Reader, folder: Path, cursor: str) -> Fetched:
    before, place = _mark(folder, reader.contract), reader.columns.index(cursor)
    came = Fetched(reader.contract.source)
    for rows in _parts(reader.rows(before.last if before else None)):
        file = new_delivery(folder, "parquet")
        seen = _Seen(place, reader.contract, before)
        with Writing(part_of(file), reader.columns) as written:
            for batch in rows:
                written.add(batch)
                seen.look(batch)
        if seen.nothing_new:
            written.file.unlink()
            break
        durable.finish(written.file, file)
        came = Fetched(came.source, came.rows + written.rows, came.deliveries + 1)
        before = _put(folder, seen.mark) or before
    return came


def _parts(batches: Iterator[Sequence[Row]]) -> Iterator[Iterator[Sequence[Row]]]:
    """Yield the batches in parts of about `MOST_ROWS` rows; each part is to be read before the next is asked for."""
    for first in batches:
        yield _part(first, batches)


def _part(first: Sequence[Row], batches: Iterator[Sequence[Row]]) -> Iterator[Sequence[Row]]:
    yield first
    count = len(first)
    while count < MOST_ROWS and (batch := next(batches, None)):
        yield batch
        count += len(batch)


class _Seen:
    """What was seen of the cursor on the way: its last value, and a digest of the rows of that value, and of those without one."""

    def __init__(self, place: int, contract: SourceSpec, before: Mark | None) -> None:
        self._place, self._contract, self._before = place, contract, before
        self._last: object = before.last if before else None
        self._ties, self._without = 0, 0

    def look(self, batch: Sequence[Row]) -> None:
        """Look at rows, in the order of the cursor."""
        for row in batch:
            value = row[self._place]
            if value is None:
                self._without = _added(self._without, row)
            elif value == self._last:
                self._ties = _added(self._ties, row)
            else:
                self._last, self._ties = value, _added(0, row)

    @property
    def mark(self) -> Mark | None:
        """How far it is read; None where no row has a value."""
        if self._last is None:
            return None
        kind = type(self._last).__name__
        if kind not in KINDS:
            where = f"sources/{self._contract.source}.yml: database.cursor"
            what = f"the cursor holds {kind} {self._last!r}, which has no order to read on by"
            raise BadSpec(where=where, what=what, fix="take a column of whole numbers, dates, timestamps or texts")
        value = self._last.isoformat() if isinstance(self._last, date) else str(self._last)
        return Mark(_reads(self._contract), kind, value, f"{self._ties:x}.{self._without:x}")

    @property
    def nothing_new(self) -> bool:
        """Whether the rows are those that were read before, and no others."""
        return self._before is not None and self.mark == self._before


def _added(digest: int, row: Row) -> int:
    """Return a digest of rows whatever their order: the sum of theirs."""
    return (digest + int.from_bytes(hashlib.blake2b(repr(tuple(row)).encode(), digest_size=16).digest())) % 2**128


def _reads(contract: SourceSpec) -> str:
    """Return a hash of what is read: another table, query or cursor begins anew."""
    assert contract.database is not None
    return hashlib.sha256(contract.database.model_dump_json().encode()).hexdigest()


def _mark(folder: Path, contract: SourceSpec) -> Mark | None:
    file = folder / MARK
    found = msgspec.json.decode(file.read_bytes(), type=Mark) if file.exists() else None
    return found if found and found.reads == _reads(contract) else None


def _put(folder: Path, mark: Mark | None) -> Mark | None:
    if mark is not None:
        durable.put(folder / f".{MARK}", msgspec.json.encode(mark))
        durable.rename(folder / f".{MARK}", folder / MARK)
    return mark
