"""Parts of rows by one column: its categories, or ranges of its numbers, and what has no value."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]

MOST_PARTS = 20
MOST_VALUES = 10  # numbers with no more distinct values than these are each a part
RANGES = 5


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows by what they have in common: `where` in words, such as `shop = harbour` or `distance from 3 to 5`."""

    column: str
    where: str
    rows: Mask


def parts_of(name: str, column: pa.ChunkedArray, *, least: int = 1) -> list[Part]:
    """Return the parts of rows by `column`, each of at least `least` rows; a row is in one of them at most.

    Texts and numbers of at most ten values are cut by value, the twenty with most rows; other numbers into five ranges of like many
    rows; times and lists not at all. Rows without a value are a part of their own.

    >>> [(part.where, int(part.rows.sum())) for part in parts_of("shop", pa.chunked_array([["a", "b", "a", None]]))]
    [('shop = a', 2), ('shop = b', 1), ('shop has no value', 1)]
    """
    kind, missing = column.type, _bools(pc.is_null(column, nan_is_null=True))
    if pa.types.is_boolean(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        parts = _by_value(name, column)
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = column.cast(pa.float64()).to_numpy()
        few = pc.count_distinct(column, mode="only_valid").as_py() <= MOST_VALUES
        parts = _by_value(name, column) if few else _by_range(name, numbers)
    else:
        return []
    return [part for part in [*parts, Part(name, f"{name} has no value", missing)] if part.rows.sum() >= least]


def _by_value(name: str, column: pa.ChunkedArray) -> list[Part]:
    counted = [(one["counts"], one["values"]) for one in pc.value_counts(column).to_pylist() if one["values"] is not None]
    first = sorted(counted, key=lambda one: (-one[0], str(one[1])))[:MOST_PARTS]
    return [Part(name, f"{name} = {_shown(value)}", _bools(pc.fill_null(pc.equal(column, value), False))) for _, value in first]


def _by_range(name: str, numbers: npt.NDArray[np.float64]) -> list[Part]:
    known = np.isfinite(numbers)
    if not known.any():
        return []
    edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, RANGES + 1)))
    place = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, max(0, len(edges) - 2))
    return [
        Part(name, f"{name} from {low:.4g} to {high:.4g}", known & (place == number)) for number, (low, high) in enumerate(pairwise(edges))
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _bools(column: pa.ChunkedArray) -> Mask:
    found: Mask = np.asarray(column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy(), dtype=np.bool_)
    return found
