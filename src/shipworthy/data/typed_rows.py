"""Rows of a database as a Parquet file: each column has one type, which changes none of its values.

A column whose values have no such type (integers beyond 64 bits, a zero date among dates, bytes) is written as text, as the
database writes it. What landing cannot read of it goes to quarantine with that text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TEXT, NOTHING = pa.string(), pa.null()
NAIVE, INSTANT = pa.timestamp("us"), pa.timestamp("us", "UTC")
MOST_DIGITS = 38


def type_of(values: Iterable[object]) -> pa.DataType:
    """Return the one type that holds all `values` as they are: text where there is none, null where all are null.

    >>> [str(type_of(values)) for values in ([1, None], [1, 2**64 - 1], [2**64], [1, 2.5], [True], [None])]
    ['int64', 'uint64', 'string', 'string', 'bool', 'null']
    """
    full = [value for value in values if value is not None]
    kinds = {type(value) for value in full}
    if len(kinds) != 1:
        return TEXT if kinds else NOTHING
    by_kind = TYPES.get(kinds.pop())
    return by_kind(full) if by_kind else TEXT


def _integer(values: Sequence[Any]) -> pa.DataType:
    low, high = min(values), max(values)
    if low >= -(2**63) and high < 2**63:
        return pa.int64()
    return pa.uint64() if low >= 0 and high < 2**64 else TEXT


def _decimal(values: Sequence[Decimal]) -> pa.DataType:
    if not all(value.is_finite() for value in values):
        return TEXT
    after = max(0, *(-int(value.as_tuple().exponent) for value in values))
    return _with_room(pa.decimal128(MOST_DIGITS, min(after, MOST_DIGITS)), _digits_before(values)) if after <= MOST_DIGITS else TEXT


def _moment(values: Sequence[datetime]) -> pa.DataType:
    aware = {value.tzinfo is not None for value in values}
    return TEXT if len(aware) > 1 else INSTANT if aware.pop() else NAIVE


TYPES: Mapping[type, Callable[[Sequence[Any]], pa.DataType]] = {
    bool: lambda _: pa.bool_(),
    int: _integer,
    float: lambda _: pa.float64(),
    Decimal: _decimal,
    datetime: _moment,
    date: lambda _: pa.date32(),
}


def wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return the type that holds values of both as they are.

    >>> str(wider(pa.null(), pa.int64())), str(wider(pa.decimal128(38, 2), pa.decimal128(38, 4))), str(wider(pa.int64(), pa.float64()))
    ('int64', 'decimal128(38, 4)', 'string')
    """
    if other in (one, NOTHING):
        return one
    if one == NOTHING:
        return other
    if pa.types.is_decimal(one) and pa.types.is_decimal(other):
        return max(one, other, key=lambda kind: int(kind.scale))
    return TEXT


def as_text(value: object) -> str | None:
    r"""Return `value` as a database writes it: a moment in ISO 8601, bytes as `\x` and hexadecimal digits.

    >>> as_text(b"\xff"), as_text(True), as_text(Decimal("1E+3")), as_text(datetime(2026, 1, 2, 3)), as_text(0.1)
    ('\\xff', 'true', '1000', '2026-01-02T03:00:00', '0.1')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value)


def column(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    """Return `values` as an Arrow column of a type that holds them."""
    if kind == TEXT:
        return pa.array([as_text(value) for value in values], TEXT)
    return pa.array(values, kind)


class Writing:
    """A Parquet file that rows are added to, in bounded memory: a column that needs a wider type is written anew with it."""

    def __init__(self, file: Path, names: Sequence[str]) -> None:
        self.file, self.names, self.rows = file, tuple(names), 0
        self._types: list[pa.DataType] = [NOTHING] * len(self.names)
        self._before = [0] * len(self.names)
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "Writing":
        return self

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """Add rows, each with a value for each name."""
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        types = [wider(known, type_of(values)) for known, values in zip(self._types, columns, strict=True)]
        self._before = [max(before, _digits_before(values)) for before, values in zip(self._before, columns, strict=True)]
        types = [_with_room(kind, before) for kind, before in zip(types, self._before, strict=True)]
        if types != self._types or self._writer is None:
            self._widen(types)
        assert self._writer is not None
        self._writer.write_table(
            pa.table([column(values, kind) for values, kind in zip(columns, types, strict=True)], schema=self._schema())
        )
        self.rows += len(rows)

    def _widen(self, types: list[pa.DataType]) -> None:
        before, self._types = self._writer, types
        if before is None:
            self._writer = pq.ParquetWriter(self.file, self._schema())
            return
        before.close()
        beside = self.file.with_name(f"{self.file.name}.wider")
        with pq.ParquetFile(self.file) as narrow:
            writer = pq.ParquetWriter(beside, self._schema())
            for group in range(narrow.num_row_groups):
                writer.write_table(self._wider(narrow.read_row_group(group)))
        beside.replace(self.file)
        self._writer = writer

    def _wider(self, rows: pa.Table) -> pa.Table:
        pairs = zip(rows.columns, self._types, strict=True)
        columns = [values.cast(kind) if _is_cast(values.type, kind) else column(values.to_pylist(), kind) for values, kind in pairs]
        return pa.table(columns, schema=self._schema())

    def _schema(self) -> pa.Schema:
        return pa.schema([pa.field(name, kind) for name, kind in zip(self.names, self._types, strict=True)])

    def __exit__(self, kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None) -> None:
        if kind is None:
            known = [TEXT if kind_of == NOTHING else kind_of for kind_of in self._types]
            if known != self._types or self._writer is None:
                self._widen(known)
        if self._writer is not None:
            self._writer.close()


def _is_cast(narrow: pa.DataType, wide: pa.DataType) -> bool:
    return narrow in (wide, NOTHING) or bool(pa.types.is_decimal(narrow) and pa.types.is_decimal(wide))


def _with_room(kind: pa.DataType, before: int) -> pa.DataType:
    """Return `kind`, or text where a decimal of its scale has no room for so many digits before its point."""
    return TEXT if pa.types.is_decimal(kind) and before + kind.scale > MOST_DIGITS else kind


def _digits_before(values: Iterable[object]) -> int:
    """Return how many digits the longest decimal among `values` has before its point."""
    places = [value.as_tuple() for value in values if isinstance(value, Decimal) and value.is_finite()]
    return max((len(place.digits) + int(place.exponent) for place in places), default=0)
