"""Which group each row belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

NOT_STATED = "not stated"
MOST_NUMBERS = 8  # more distinct numbers than that are cut into ranges
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of rows by one column, or by two: `codes` has the place of each row's group in `names`, shape (n,); none is empty."""

    column: str
    names: tuple[str, ...]
    codes: Codes

    @property
    def rows(self) -> list[int]:
        """How many rows each group has."""
        return [int(count) for count in np.bincount(self.codes, minlength=len(self.names))]

    @property
    def labels(self) -> npt.NDArray[np.object_]:
        """The name of each row's group, shape (n,)."""
        labels: npt.NDArray[np.object_] = np.array(self.names, dtype=object)[self.codes]
        return labels

    def at(self, rows: npt.NDArray[np.generic]) -> "Groups":
        """Return the same of some rows, given by a mask or by their numbers; a group without rows is gone."""
        kept, codes = np.unique(self.codes[rows], return_inverse=True)
        return Groups(self.column, tuple(self.names[code] for code in kept), codes.astype(np.int64))


def grouped(column: str, values: pa.ChunkedArray, cuts: Sequence[float] = ()) -> Groups:
    """Return the groups of a column; null is a group of its own, "not stated".

    A text, a boolean, and up to 8 distinct numbers are groups as they are. More numbers are cut into ranges: where `cuts` says, else at
    their quartiles.

    >>> grouped("age", pa.chunked_array([[20, 39, 40, None]]), cuts=[40]).names
    ('40 or more', 'not stated', 'under 40')
    """
    numeric = pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type)
    if numeric and (cuts or len(pc.unique(values.drop_null())) > MOST_NUMBERS):
        texts = _ranges(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), cuts)
    else:
        plain = values.cast(pa.string()).fill_null(NOT_STATED)
        texts = np.array(plain.to_pylist(), dtype=object)
    names, codes = np.unique(texts.astype(str), return_inverse=True)
    return Groups(column, tuple(str(name) for name in names), codes.astype(np.int64))


def crossed(first: Groups, second: Groups) -> Groups:
    """Return the groups that two columns make together.

    >>> sex = Groups("sex", ("f", "m"), np.array([0, 1, 1]))
    >>> crossed(sex, Groups("old", ("no", "yes"), np.array([0, 0, 1]))).names
    ('f, no', 'm, no', 'm, yes')
    """
    pairs, codes = np.unique(first.codes * len(second.names) + second.codes, return_inverse=True)
    names = tuple(f"{first.names[pair // len(second.names)]}, {second.names[pair % len(second.names)]}" for pair in pairs)
    return Groups(f"{first.column} and {second.column}", names, codes.astype(np.int64))


def _ranges(numbers: Numbers, cuts: Sequence[float]) -> npt.NDArray[np.object_]:
    known = numbers[~np.isnan(numbers)]
    ends = sorted(set(cuts)) or sorted({float(end) for end in np.quantile(known, QUARTILES)})
    names = [f"under {ends[0]:g}", *(f"{low:g} to {high:g}" for low, high in pairwise(ends)), f"{ends[-1]:g} or more"]
    named = np.array([*names, NOT_STATED], dtype=object)
    place = np.where(np.isnan(numbers), len(names), np.searchsorted(ends, numbers, side="right"))
    found: npt.NDArray[np.object_] = named[np.minimum(place, len(names))]
    return found
