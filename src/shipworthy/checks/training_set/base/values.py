"""A column's distinct values, and a column as numbers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
NONE = -1
"""The code of a null."""


@dataclass(frozen=True, slots=True)
class Values:
    """The distinct values of a column that are not null, in ascending order, and how often each occurs.

    Args:
        values: shape (k,).
        counts: shape (k,), at least 1.
        nulls: rows without a value.
    """

    values: pa.Array
    counts: Whole
    nulls: int

    @property
    def distinct(self) -> int:
        """How many there are."""
        return len(self.counts)

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum())


def values_of(column: pa.ChunkedArray) -> Values:
    """Return the distinct values of a column; NaN is one.

    >>> found = values_of(pa.chunked_array([["b", "a", None, "b"]]))
    >>> found.values.to_pylist(), found.counts.tolist(), found.nulls
    (['a', 'b'], [1, 2], 1)
    """
    counted = pc.value_counts(column.drop_null())
    values, counts = counted.field("values"), counted.field("counts").to_numpy()
    order = pc.array_sort_indices(values)
    return Values(values.take(order), counts[order.to_numpy()].astype(np.int64), column.null_count)


def numbers_of(column: pa.ChunkedArray) -> Floats:
    """Return a column of numbers, booleans or times as numbers, NaN where it is null; times in seconds since 1970.

    >>> numbers_of(pa.chunked_array([[True, None]])).tolist()
    [1.0, nan]
    """
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        micros = column.cast(pa.timestamp("us", getattr(kind, "tz", None))).cast(pa.int64())
        return np.asarray(micros.cast(pa.float64(), safe=False).to_numpy(), np.float64) / 1e6
    whole = column.cast(pa.int8()) if pa.types.is_boolean(kind) else column
    return np.asarray(whole.cast(pa.float64(), safe=False).to_numpy(), np.float64)


def codes_of(column: pa.ChunkedArray) -> Whole:
    """Return a number for each distinct value of a column, from 0 in the order of their first row, `NONE` where it is null.

    >>> codes_of(pa.chunked_array([["b", None, "a", "b"]])).tolist()
    [0, -1, 1, 0]
    """
    encoded = column.combine_chunks().dictionary_encode() if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    return np.asarray(encoded.indices.fill_null(NONE).to_numpy(), np.int64)
