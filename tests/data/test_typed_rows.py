"""Rows as a Parquet file: one type for each column, no value changed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from shipworthy.data.typed_rows import Writing

NOON = datetime(2026, 7, 1, 12)


def written(folder: Path, *batches: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return type and values of a column that came in `batches`."""
    with Writing(folder / "rows.parquet", ["id", "x"]) as rows:
        for batch in batches:
            rows.add([(1, value) for value in batch])
    table = pq.read_table(folder / "rows.parquet")
    assert str(table.schema.field("id").type) == ("int64" if any(batches) else "string")
    assert [file.name for file in folder.iterdir()] == ["rows.parquet"]
    return str(table.schema.field("x").type), table["x"].to_pylist()


@pytest.mark.parametrize(
    ("batches", "kind", "values"),
    [
        ([[1], [None], [2]], "int64", [1, None, 2]),
        ([[None], [1]], "int64", [None, 1]),
        ([[1], [2**63]], "string", ["1", str(2**63)]),
        ([[2**63], [2**63 + 1]], "uint64", [2**63, 2**63 + 1]),
        ([[1], [2.5]], "string", ["1", "2.5"]),
        ([[True], [2]], "string", ["true", "2"]),
        ([[0.1, float("nan")], ["x"]], "string", ["0.1", "nan", "x"]),
        ([[Decimal("1.5")], [Decimal("0.125")]], "decimal128(38, 3)", [Decimal("1.500"), Decimal("0.125")]),
        ([[Decimal("9" * 36)], [Decimal("0.125")]], "string", ["9" * 36, "0.125"]),
        ([[Decimal("0.125")], [Decimal("9" * 36)]], "string", ["0.125", "9" * 36]),
        ([[Decimal("1E+2")], [Decimal("NaN")]], "string", ["100", "NaN"]),
        ([[NOON], [NOON.replace(tzinfo=UTC)]], "string", ["2026-07-01T12:00:00", "2026-07-01T12:00:00+00:00"]),
        ([[NOON.replace(tzinfo=timezone(timedelta(hours=2)))]], "timestamp[us, tz=UTC]", [datetime(2026, 7, 1, 10, tzinfo=UTC)]),
        ([[NOON.date()], ["0000-00-00"]], "string", ["2026-07-01", "0000-00-00"]),
        ([[date(1, 1, 1)], [date(9999, 12, 31)]], "date32[day]", [date(1, 1, 1), date(9999, 12, 31)]),
        ([[b"\x00"], ["x"]], "string", ["\\x00", "x"]),
        ([[None], [None]], "string", [None, None]),
        ([], "string", []),
    ],
)
def test_a_column_has_the_type_that_holds_all_its_values(tmp_path: Path, batches: Sequence[Any], kind: str, values: list[Any]) -> None:
    """
    What was written before is written anew where a later value wants a wider type; text holds what no type does.
    """
    assert written(tmp_path, *batches) == (kind, values)
