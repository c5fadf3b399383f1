"""From a table or query of a database to deliveries on disk.

With a cursor only rows at or above the last value are read: those of the last value again, for more may have come; landing
counts what comes twice once. Without one the delivery is the whole table, and takes the place of the one before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path

from shipworthy.data.cursor import Seen, mark_of, put_mark
from shipworthy.data.receiving import new_delivery, part_of, sweep
from shipworthy.data.typed_rows import Writing
from shipworthy.gateways import durable
from shipworthy.gateways.database import Reader, Row

MOST_ROWS = 500_000
"""How many rows a delivery has: after each, a connection that is lost costs no more than the next one."""

SNAPSHOT = "snapshot.parquet"


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
    before, came = mark_of(folder, reader.contract), Fetched(reader.contract.source)
    seen = Seen(reader.contract, reader.columns.index(cursor), before)
    for rows in _parts(reader.rows(before.last if before else None)):
        file = new_delivery(folder, "parquet")
        with Writing(part_of(file), reader.columns) as written:
            for batch in rows:
                written.add(seen.new(batch))
        if written.rows:
            durable.finish(written.file, file)
            came = Fetched(came.source, came.rows + written.rows, came.deliveries + 1)
        else:
            written.file.unlink()
        put_mark(folder, seen.mark)
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
