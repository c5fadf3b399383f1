"""How the loss falls with more history, carried on to a target: how many more rows it takes, or where the curve levels off."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.resampling import SEED, Blocks
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]
Reach = Literal["reached", "reachable", "unreachable", "unknown"]

LEAST_SIZES = 4  # different amounts of history, below which a curve is a guess
DRAWS = 500
MOST_FACTOR = 10.0  # nobody is promised anything beyond ten times the history that there is
POWERS = tuple(np.geomspace(0.1, 2.0, 14))
SURE = 0.9
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Law:
    """The loss of a model that learnt from n rows which ended t days before it was asked: level + scale (n / today's)^-power + aging t.

    Each has shape (draws,): one law for each draw.
    """

    level: Numbers
    scale: Numbers
    power: Numbers
    aging: Numbers

    def at(self, factor: float) -> Numbers:
        """Return the loss with so many times today's rows, up to date; shape (draws,)."""
        return self.level + self.scale * factor**-self.power

    def needed(self, target: float) -> Numbers:
        """Return how many times today's rows reach `target`, shape (draws,); infinite where the curve levels off above it."""
        room = target - self.level
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            found = np.where((room > 0) & (self.scale > 0), (self.scale / room) ** (1 / self.power), np.inf)
        return np.where(self.at(1.0) <= target, 1.0, found)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What more history would bring.

    `now` is the loss with today's rows as the curve has it, `later` that with ten times as many, each with its interval. `factor` is
    how many times today's rows the target takes, None unless it is reachable; its interval's upper end may be infinite. `chance` is the
    share of draws in which ten times the rows are enough. `aging` is what a day of age costs, 0 where none was seen.
    """

    reach: Reach
    now: float
    now_interval: Interval | None
    later: float
    later_interval: Interval | None
    factor: float | None
    factor_interval: Interval | None
    chance: float
    aging: float
    curve: tuple[tuple[float, float, float, float], ...]


def outlook(
    rows: Sequence[int], ages: Sequence[float], losses: Numbers, blocks: Blocks, target: float, *, seed: int = SEED
) -> Outlook | None:
    """Return what more history would bring; None with fewer than four amounts of history, fewer than five blocks, or an unknown loss.

    The curve is a power law, fitted to the mean losses of models that learnt from different stretches of history and answered the same
    rows. Its uncertainty has two parts: which rows it is judged by (blocks of them are drawn again, the same for all models) and
    which rows each model happened to learn from (the residuals of the fit are drawn again).

    Args:
        rows: how many rows each of p models learnt from.
        ages: how many days before the judged rows each stopped learning.
        losses: shape (h, p), the loss of each judged row with each model.
        blocks: of the h judged rows.
        target: the loss to reach.
        seed: of the draws.

    Source:
        The law: Cortes et al. (1994); that it fits most learners, and what goes wrong: Viering and Loog (2022). Residuals: Efron (1979).
    """
    if len(set(rows)) < LEAST_SIZES or not blocks.enough or not bool(np.isfinite(losses).all()):
        return None
    design = _Design(np.asarray(rows, float) / max(rows), np.asarray(ages, float))
    means = losses.mean(axis=0)
    drawn = _drawn(losses, blocks, seed)
    first = design.fitted(means[None, :])
    residuals = means - design.says(first)[0]
    spread = residuals * math.sqrt(len(means) / max(1, len(means) - design.knobs))
    random = np.random.default_rng(seed)
    law = design.fitted(drawn + random.choice(spread, size=drawn.shape) * random.choice([-1.0, 1.0], size=drawn.shape))
    return _told(first, law, blocks, target)


class _Design:
    """The shapes that a curve may have, fitted to many draws at once."""

    knobs = 3

    def __init__(self, sizes: Numbers, ages: Numbers) -> None:
        self.sizes, self.ages = sizes, ages

    def fitted(self, means: Numbers) -> Law:
        """Return the law nearest to each row of `means`, shape (draws, p); never one that rises with more rows or with freshness."""
        best = np.full(len(means), np.inf)
        kept = np.zeros((4, len(means)))
        for power, aged, level in product(POWERS, (False, True), (False, True)):
            terms = np.stack([np.ones_like(self.sizes) * level, self.sizes**-power, self.ages * aged], axis=1)
            found = means @ np.linalg.pinv(terms).T
            misses = ((found @ terms.T - means) ** 2).sum(axis=1) * (1 + 0.02 * aged)  # an age that explains nothing is not kept
            better = (found >= 0).all(axis=1) & (misses < best)
            best[better] = misses[better]
            kept[:, better] = np.stack([found[:, 0], found[:, 1], np.full(len(means), power), found[:, 2]])[:, better]
        flat = ~np.isfinite(best) | (((means - means.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) < best)
        kept[:, flat] = np.stack([means.mean(axis=1), *np.zeros((3, len(means)))])[:, flat]
        return Law(kept[0], kept[1], np.where(flat, 1.0, kept[2]), kept[3])

    def says(self, law: Law) -> Numbers:
        """Return what each law says of the p models, shape (draws, p)."""
        said: Numbers = law.level[:, None] + law.scale[:, None] * self.sizes ** -law.power[:, None] + law.aging[:, None] * self.ages
        return said


def _drawn(losses: Numbers, blocks: Blocks, seed: int) -> Numbers:
    """Return the mean losses in each draw of blocks, shape (DRAWS, p)."""
    sums = blocks.sums(np.column_stack([losses, np.ones(len(losses))]))
    drawn = blocks.draws(DRAWS, seed=seed) @ sums
    means: Numbers = drawn[:, :-1] / drawn[:, -1:]
    return means


def _told(first: Law, law: Law, blocks: Blocks, target: float) -> Outlook:
    needed = law.needed(target)
    chance = float(np.mean(needed <= MOST_FACTOR))
    now, later = float(first.at(1.0)[0]), float(first.at(MOST_FACTOR)[0])
    reach: Reach = "reached" if now <= target else "reachable" if chance >= SURE else "unreachable" if chance <= 1 - SURE else "unknown"
    low, high = (float(np.quantile(needed, share, method="nearest")) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    curve = tuple(_band(first, law, blocks, float(factor)) for factor in np.geomspace(1 / 16, MOST_FACTOR, 40))
    return Outlook(
        reach, now, blocks.interval(law.at(1.0), LEVEL), later, blocks.interval(law.at(MOST_FACTOR), LEVEL),
        float(np.median(needed)) if reach == "reachable" else None, Interval(low, high) if reach == "reachable" else None,
        chance, float(first.aging[0]), curve,
    )  # fmt: skip


def _band(first: Law, law: Law, blocks: Blocks, factor: float) -> tuple[float, float, float, float]:
    """Return a factor with the loss there and between what it lies."""
    sure = blocks.interval(law.at(factor), LEVEL)
    assert sure is not None
    return (factor, float(first.at(factor)[0]), sure.low, sure.high)
