"""Whether a gain comes from all rows, or from one small part of them alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
PARTS = 5  # of a number: as many rows in each
MOST_LEVELS = 50
FEWEST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the rows, such as one level of a category: which rows, their share of all, and their share of the whole gain."""

    words: str
    inside: Mask
    rows_share: float
    gain_share: float


def densest(gain: Numbers, features: Mapping[str, tuple[Numbers, Sequence[str]]], *, largest: float) -> Part | None:
    """Return the part of at most `largest` of all rows whose share of the gain is the highest; None where there is no gain or no part.

    Parts are the levels of a category, fifths of a number by its values, and the rows where it is null, each of at least 30 rows.

    Args:
        gain: shape (n,), what each row gains; only its sum must be above 0.
        features: by name the values, shape (n,), NaN for null; with the levels that codes stand for, none for a number.
        largest: a share of the rows, 0 to 1.

    >>> shop = np.repeat([0.0, 1.0], [30, 170])
    >>> found = densest(np.where(shop == 0, 5.0, 0.1), {"shop": (shop, ("north", "south"))}, largest=0.2)
    >>> found.words, round(found.rows_share, 2), round(found.gain_share, 2)
    ('shop is north', 0.15, 0.9)
    """
    whole = float(gain.sum())
    if not len(gain) or not np.isfinite(whole) or whole <= 0:
        return None
    found = [
        Part(words, inside, float(inside.mean()), float(gain[inside].sum()) / whole)
        for name, (values, levels) in features.items()
        for words, inside in _parts(name, values, levels)
        if inside.sum() >= FEWEST_ROWS and inside.mean() <= largest
    ]
    return max(found, key=lambda part: part.gain_share, default=None)


def _parts(name: str, values: Numbers, levels: Sequence[str]) -> Iterator[tuple[str, Mask]]:
    known = np.isfinite(values)
    yield f"{name} is not known", ~known
    if levels:
        codes, counts = np.unique(values[known].astype(np.int64), return_counts=True)
        for code in codes[np.argsort(-counts, kind="stable")[:MOST_LEVELS]]:
            yield f"{name} is {levels[code]}", values == code
        return
    ends = np.unique(np.quantile(values[known], np.linspace(0, 1, PARTS + 1))) if known.any() else np.empty(0)
    for place, (low, high) in enumerate(pairwise(ends)):
        last = place == len(ends) - 2
        yield f"{name} is {low:,.6g} to {high:,.6g}", (values >= low) & ((values <= high) if last else (values < high))
