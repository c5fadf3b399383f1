"""Whether features give the label exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Numbers
from shipworthy.checks.training_set.base.values import NONE, Whole, codes_of

LEAST_ROWS = 100
LEAST_OTHER = 30
LEAST_A_VALUE = 10
COVERED = 0.9
EXACT = 1e-6
ROWS_A_FEATURE = 10


@dataclass(frozen=True, slots=True)
class Given:
    """Of `rows` whose value comes again, `agreeing` have the label that the others of this value have; `values` are different."""

    rows: int
    agreeing: int
    values: int

    @property
    def share(self) -> float:
        """Which share agrees."""
        return self.agreeing / self.rows


@dataclass(frozen=True, slots=True)
class Sum:
    """The label as a sum: `weights` of features and `rest`, and the share of its variance that this gives."""

    weights: Mapping[str, float]
    rest: float
    share: float

    def formula(self) -> str:
        """Return the sum in words.

        >>> Sum({"casual": 1.0, "refunded": -1.0}, 0.0, 1.0).formula()
        'casual - refunded'
        """
        return _added([(weight, name) for name, weight in self.weights.items()], self.rest)

    def words(self, row: Mapping[str, object]) -> str:
        """Return the sum with the values of a row."""
        return _added([(weight, str(row[name])) for name, weight in self.weights.items()], self.rest)


def determined(frame: Frame, name: str) -> Given | None:
    """Return in how many rows a feature gives the label by the other rows with the same value; None where it cannot be said.

    Asked are rows whose value comes at least twice; they must be nine tenths of all that have a value, a value must come ten times
    on average, and thirty rows must lie off the most frequent label, or what is given is chance or nothing.
    """
    value = codes_of(frame.rows.column(name))
    kept = value != NONE
    if kept.sum() < max(LEAST_ROWS, len(value) / 2):
        return None
    return _given(value[kept], frame.label[kept])


def _given(value: Whole, label: Numbers) -> Given | None:
    _, came, counts = np.unique(label, return_inverse=True, return_counts=True)
    _, place, sizes = np.unique(value, return_inverse=True, return_counts=True)
    again = sizes[place] > 1
    if again.mean() < COVERED or len(value) < LEAST_A_VALUE * len(sizes) or len(label) - counts.max() < LEAST_OTHER:
        return None
    pairs, cells = np.unique(place[again] * len(counts) + came[again], return_counts=True)
    most = np.zeros(len(sizes), dtype=np.int64)
    np.maximum.at(most, pairs // len(counts), cells)
    return Given(int(again.sum()), int(most.sum()), int((sizes > 1).sum()))


def exact_sum(frame: Frame) -> Sum | None:
    """Return the features of which the label is a weighted sum, as few as it takes; None if it is none, or too few rows say so.

    Nulls count as 0. Least squares over all numbers at once; then features are left out while the sum stays exact.
    """
    names = [name for name in frame.named("integer", "number", "boolean") if np.ptp(np.nan_to_num(frame.numbers(name))) > 0]
    rows = frame.rows.num_rows
    if not names or rows < max(LEAST_ROWS, ROWS_A_FEATURE * len(names)) or np.ptp(frame.label) == 0:
        return None
    matrix = np.stack([np.nan_to_num(frame.numbers(name)) for name in names], axis=1)
    scale: Numbers = np.abs(matrix).max(axis=0).astype(np.float64)
    kept = _fewest(np.asarray(matrix / scale, np.float64), frame.label, names)
    if kept is None:
        return None
    chosen = [names.index(name) for name in kept]
    solved, left = _solved(matrix[:, chosen] / scale[chosen], frame.label)
    weights = dict(zip(kept, (round(float(weight), 6) for weight in solved[:-1] / scale[chosen]), strict=True))
    return Sum(weights, round(float(solved[-1]), 6), 1 - left)


def _fewest(matrix: Numbers, label: Numbers, names: Sequence[str]) -> list[str] | None:
    """Return the names of as few columns as give the label exactly, None if all together do not."""
    solved, left = _solved(matrix, label)
    if left > EXACT:
        return None
    kept = list(range(len(names)))
    for column in np.argsort(np.abs(solved[:-1])):
        fewer = [one for one in kept if one != column]
        if fewer and _solved(matrix[:, fewer], label)[1] <= EXACT:
            kept = fewer
    return [names[column] for column in kept]


def _solved(matrix: Numbers, label: Numbers) -> tuple[Numbers, float]:
    """Return the weights of least squares, the last for the rest, and the share of the label's variance that they leave."""
    whole = np.column_stack([matrix, np.ones(len(label))])
    solved = np.asarray(np.linalg.lstsq(whole, label, rcond=None)[0], np.float64)
    return solved, float(((label - whole @ solved) ** 2).mean() / label.var())


def _added(parts: Sequence[tuple[float, str]], rest: float) -> str:
    signed = [(weight, name if abs(weight) == 1 else f"{abs(weight):g} × {name}") for weight, name in parts]
    signed += [(rest, f"{abs(rest):g}")] if rest else []
    first = ("-" if signed[0][0] < 0 else "") + signed[0][1]
    return " ".join([first, *(f"{'-' if weight < 0 else '+'} {text}" for weight, text in signed[1:])])
