"""What the columns of one window hold, in counts that add up: minutes make hours, hours make weeks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Kind = Literal["number", "category"]
BINS_PER_UNIT = 16  # bins in one unit of asinh: 6 % wide far from the centre
MOST_LEVELS = 1000  # of one category; what lies beyond is counted together
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the bins of a number lie, and what is still in range; read off the reference and kept.

    Bin b holds asinh((x - centre) / scale) * 16 from b to b + 1. `low` and `high` are None where no
    value was seen: then nothing is out of range.
    """

    centre: float
    scale: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The counts of a number: `nulls` of `rows` have no value (NaN is none); `below` and `above` are out of range."""

    anchor: Anchor
    rows: int
    nulls: int
    bins: dict[int, int] = field(default_factory=dict)
    below: int = 0
    above: int = 0

    @property
    def known(self) -> int:
        """How many rows have a value."""
        return self.rows - self.nulls


@dataclass(frozen=True, slots=True)
class Levels:
    """The counts of a category: exact for the 1,000 most frequent levels, together in `rest` beyond them."""

    rows: int
    nulls: int
    counts: dict[str, int] = field(default_factory=dict)
    rest: int = 0

    @property
    def known(self) -> int:
        """How many rows have a value."""
        return self.rows - self.nulls


@dataclass(frozen=True, slots=True)
class Profile:
    """The counts of every column of one window, or of a whole training set."""

    rows: int
    numbers: dict[str, Numbers] = field(default_factory=dict)
    categories: dict[str, Levels] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Numbers | Levels]:
        """Every column, by name."""
        return {**self.numbers, **self.categories}

    @property
    def kinds(self) -> dict[str, Kind]:
        """What every column was counted as."""
        return {**dict.fromkeys(self.numbers, "number"), **dict.fromkeys(self.categories, "category")}

    @property
    def anchors(self) -> dict[str, Anchor]:
        """The anchor of each number: what the windows that are compared with this one need."""
        return {name: numbers.anchor for name, numbers in self.numbers.items()}


def as_json(profile: Profile) -> dict[str, Any]:
    """Return `profile` as plain JSON values."""
    plain: dict[str, Any] = msgspec.to_builtins(profile, str_keys=True)
    return plain


def from_json(plain: dict[str, Any]) -> Profile:
    """Return the profile that `as_json` made plain.

    >>> profile = Profile(3, {"x": Numbers(Anchor(0.0, 1.0), 3, 1, {-4: 2})})
    >>> from_json(as_json(profile)) == profile
    True
    """
    return msgspec.convert(plain, Profile, strict=False)


def merge(profiles: Iterable[Profile]) -> Profile:
    """Return the profile of all rows behind `profiles`; of none, an empty one.

    Raises:
        ValueError: they have other columns or other anchors, so their counts do not add up.
    """
    several = list(profiles)
    return reduce(_both, several) if several else Profile(0)


def _both(one: Profile, other: Profile) -> Profile:
    if one.anchors != other.anchors or one.categories.keys() != other.categories.keys():
        raise ValueError("profiles of other columns or other anchors do not add up")
    return Profile(
        one.rows + other.rows,
        {name: _numbers(numbers, other.numbers[name]) for name, numbers in one.numbers.items()},
        {name: _levels(levels, other.categories[name]) for name, levels in one.categories.items()},
    )


def _numbers(one: Numbers, other: Numbers) -> Numbers:
    bins = dict(Counter(one.bins) + Counter(other.bins))
    return Numbers(one.anchor, one.rows + other.rows, one.nulls + other.nulls, bins, one.below + other.below, one.above + other.above)


def _levels(one: Levels, other: Levels) -> Levels:
    ranked = (Counter(one.counts) + Counter(other.counts)).most_common()
    rest = one.rest + other.rest + sum(count for _, count in ranked[MOST_LEVELS:])
    return Levels(one.rows + other.rows, one.nulls + other.nulls, dict(ranked[:MOST_LEVELS]), rest)


def positions(anchor: Anchor, bins: Iterable[int]) -> Floats:
    """Return the middle of each of `bins`, in the column's own unit.

    >>> positions(Anchor(10.0, 2.0), [0, 16]).round(2).tolist()
    [10.06, 12.45]
    """
    middle = (np.asarray(list(bins), dtype=float) + 0.5) / BINS_PER_UNIT
    return np.asarray(anchor.centre + anchor.scale * np.sinh(middle), dtype=float)


def side_by_side(one: Numbers, other: Numbers) -> tuple[Floats, Floats, Floats]:
    """Return the positions of all bins of two columns, in order, and the counts of each."""
    bins = sorted(one.bins.keys() | other.bins.keys())
    return positions(one.anchor, bins), _counts(one.bins, bins), _counts(other.bins, bins)


def level_by_level(one: Levels, other: Levels) -> tuple[list[str], Floats, Floats]:
    """Return the levels of two columns and the counts of each; the last is all the rest.

    Where either has levels beyond the kept ones, only the levels of `one` stand alone.
    """
    full = not one.rest and not other.rest
    levels = sorted(one.counts.keys() | other.counts.keys() if full else one.counts.keys())
    first, second = _counts(one.counts, levels), _counts(other.counts, levels)
    return levels, np.append(first, one.known - first.sum()), np.append(second, other.known - second.sum())


def _counts(counts: dict[Any, int], order: list[Any]) -> Floats:
    return np.asarray([counts.get(key, 0) for key in order], dtype=float)


def mean(numbers: Numbers) -> float | None:
    """Return the mean, exact to the width of the bins; None where no row has a value."""
    if not numbers.known:
        return None
    counts = np.asarray(list(numbers.bins.values()), dtype=float)
    return float(np.average(positions(numbers.anchor, numbers.bins), weights=counts))
