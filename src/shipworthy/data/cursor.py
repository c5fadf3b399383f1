"""How far a database was read, by a column that only grows: which of the rows that are read again were delivered before.

The rows of the last value are read again, for more of them may have come since, and so are rows without a value.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b, sha256
from itertools import chain
from pathlib import Path

import msgspec

from shipworthy.errors import BadSpec
from shipworthy.gateways import durable
from shipworthy.gateways.database import Row
from shipworthy.spec.source import SourceSpec

MARK = "cursor.json"
MOST_KNOWN = 200_000
"""With more rows than this of its last value, they are delivered again each time; landing counts them once, by their key."""

Value = int | Decimal | datetime | date | str
KINDS: dict[str, type[Value]] = {"int": int, "Decimal": Decimal, "datetime": datetime, "date": date, "str": str}


class Mark(msgspec.Struct, frozen=True):
    """How far a source was read.

    Args:
        reads: a hash of the table or query and its cursor; another one begins anew.
        kind: the Python type of the last value.
        value: the last value, as text.
        known: hashes of the delivered rows of that value, and of those without one.
    """

    reads: str
    kind: str
    value: str
    known: list[str]

    @property
    def last(self) -> Value:
        """The value as the database has it."""
        kind = KINDS[self.kind]
        return kind.fromisoformat(self.value) if issubclass(kind, date) else kind(self.value)


def mark_of(folder: Path, contract: SourceSpec) -> Mark | None:
    """Return how far `contract` was read into `folder`, None where it was not, or read by something else."""
    file = folder / MARK
    found = msgspec.json.decode(file.read_bytes(), type=Mark) if file.exists() else None
    return found if found and found.reads == _reads(contract) else None


def put_mark(folder: Path, mark: Mark | None) -> None:
    """Write how far it is read, where it is known."""
    if mark is not None:
        durable.put(folder / f".{MARK}", msgspec.json.encode(mark))
        durable.rename(folder / f".{MARK}", folder / MARK)


class Seen:
    """What was seen of a source on the way through its rows, in the order of its cursor, in the column `place`."""

    def __init__(self, contract: SourceSpec, place: int, before: Mark | None) -> None:
        self._contract, self._place = contract, place
        self._last: object = before.last if before else None
        self._again = Counter(before.known if before else ())
        self._reread: object = self._last
        self._ties: list[Row] = []
        self._without: list[Row] = []

    def new(self, batch: Sequence[Row]) -> list[Row]:
        """Return the rows that were not delivered before."""
        return list(self._new(batch))

    def _new(self, batch: Sequence[Row]) -> Iterator[Row]:
        for row in batch:
            value = row[self._place]
            if value is None:
                self._without.append(row)
            elif value == self._last:
                self._ties.append(row)
            else:
                self._last, self._ties = value, [row]
            if not (value is None or value == self._reread) or not self._was_delivered(row):
                yield row

    def _was_delivered(self, row: Row) -> bool:
        name = _name(row)
        self._again[name] -= 1
        return self._again[name] >= 0

    @property
    def mark(self) -> Mark | None:
        """How far it is read; None where no row has a value.

        Raises:
            BadSpec: the values have no order to read on by.
        """
        if self._last is None:
            return None
        kind = type(self._last).__name__
        if kind not in KINDS:
            where = f"sources/{self._contract.source}.yml: database.cursor"
            what = f"the cursor holds {kind} {self._last!r}, which has no order to read on by"
            raise BadSpec(where=where, what=what, fix="take a column of whole numbers, dates, timestamps or texts")
        value = self._last.isoformat() if isinstance(self._last, date) else str(self._last)
        few = len(self._ties) + len(self._without) <= MOST_KNOWN
        return Mark(_reads(self._contract), kind, value, sorted(map(_name, chain(self._ties, self._without))) if few else [])


def _name(row: Row) -> str:
    return blake2b(repr(tuple(row)).encode(), digest_size=16).hexdigest()


def _reads(contract: SourceSpec) -> str:
    assert contract.database is not None
    return sha256(contract.database.model_dump_json().encode()).hexdigest()
