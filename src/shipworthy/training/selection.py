"""Which candidate is kept: the simplest whose loss is not surely worse than that of the best."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from shipworthy.records import Interval
from shipworthy.training.fitted import Numbers

Between = Callable[[Numbers], Interval | None]
"""Where the mean of differences, one for each row, lies; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a candidate lost on the rows of the folds: one array of shape (m,) for each seed, rows in the same order for all."""

    name: str
    complexity: int
    losses: tuple[Numbers, ...]

    @property
    def each(self) -> Numbers:
        """The loss of each row, on average over seeds, shape (m,)."""
        mean: Numbers = np.mean(self.losses, axis=0)
        return mean

    @property
    def loss(self) -> float:
        """The mean loss."""
        return float(self.each.mean())

    @property
    def spread(self) -> float:
        """The standard deviation of the mean loss over seeds; 0 with one, or where chance plays no part."""
        return float(np.std([one.mean() for one in self.losses], ddof=1)) if len(self.losses) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """A candidate beside the best one: `behind` is by how much its loss is higher, and lies in `interval`; None is not known.

    `interval` tells of rows and of seeds. The best is behind by 0.
    """

    name: str
    complexity: int
    loss: float
    spread: float
    seeds: int
    behind: float
    interval: Interval | None

    @property
    def surely_worse(self) -> bool:
        """Whether all of the interval lies above 0."""
        return self.interval is not None and self.interval.low > 0


@dataclass(frozen=True, slots=True)
class Selection:
    """All candidates, the simplest first; `best` has the lowest loss, `kept` is the one to go on with."""

    compared: tuple[Compared, ...]
    best: str
    kept: str

    def of(self, name: str) -> Compared:
        """Return the candidate `name`."""
        return next(one for one in self.compared if one.name == name)


def selected(candidates: Sequence[Candidate], between: Between) -> Selection:
    """Return the selection: the simplest of those that are not surely worse than the best, by an interval of the paired differences.

    A candidate whose interval is not known is not kept unless it is the best: not to know is no reason to trust it. Of two that
    are as simple, the one with the lower loss is kept.

    Args:
        candidates: at least one; their losses have the same shape.
        between: where the mean of paired differences lies.

    >>> rows = np.linspace(0, 1, 100)
    >>> near = lambda values: Interval(float(values.mean()) - 0.05, float(values.mean()) + 0.05)
    >>> found = selected([Candidate("deep", 9, (rows,)), Candidate("flat", 1, (rows + 0.01,)), Candidate("none", 0, (rows + 1,))], near)
    >>> found.best, found.kept
    ('deep', 'flat')
    """
    best = min(candidates, key=lambda one: (one.loss, one.complexity))
    compared = [beside(one, best, between) for one in sorted(candidates, key=lambda one: (one.complexity, one.loss))]
    kept = next(one for one in compared if one.name == best.name or (one.interval is not None and not one.surely_worse))
    return Selection(tuple(compared), best.name, kept.name)


def beside(one: Candidate, other: Candidate, between: Between) -> Compared:
    """Return the candidate `one` beside `other`, row by row."""
    behind = one.each - other.each
    interval = Interval(0.0, 0.0) if one is other else _widened(between(behind), float(behind.mean()), one, other)
    return Compared(one.name, one.complexity, one.loss, one.spread, len(one.losses), float(behind.mean()), interval)


def _widened(interval: Interval | None, mean: float, *candidates: Candidate) -> Interval | None:
    """Return `interval` widened by what other seeds would change: in quadrature, the two being independent."""
    if interval is None:
        return None
    more = math.hypot(*(by_chance(one.spread, len(one.losses), interval.level) for one in candidates))
    low, high = (math.hypot(mean - interval.low, more), math.hypot(interval.high - mean, more))
    return Interval(mean - low, mean + high, interval.level)


def by_chance(spread: float, seeds: int, level: float) -> float:
    """Return the half width of the interval of a mean over so many seeds.

    Source: Student (1908), the t distribution.

    >>> round(by_chance(1.0, 3, 0.95), 2), by_chance(0.0, 1, 0.95)
    (2.48, 0.0)
    """
    return spread / math.sqrt(seeds) * float(stats.t.ppf((1 + level) / 2, seeds - 1)) if seeds > 1 else 0.0
