"""What a quick model is worth on rows drawn at random, and what on rows that come later or are of other groups."""

import math
from dataclasses import dataclass

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask, Numbers
from shipworthy.checks.training_set.base.power import enough
from shipworthy.checks.training_set.base.sample import sample
from shipworthy.checks.training_set.base.scores import auc, score, score_name
from shipworthy.checks.training_set.base.values import NONE, Whole, codes_of

MOST_ROWS = 12_000
LEAST_ROWS = 400
HELD_SHARE = 0.25
DRAWS = 3
BLOCKS = 20
NORMAL = 1.96
LEAST_Z = 3.0


@dataclass(frozen=True, slots=True)
class Gap:
    """The score on random rows and on others, and by how much the others' is worse, with its standard error.

    `skill` is how far the random score lies from that of a model that knows nothing: an AUC of 0.5, the error of the median.
    """

    metric: str
    random: float
    other: float
    fall: float
    error: float
    skill: float
    rows: int

    @property
    def lost(self) -> float:
        """The share of the skill that is lost on the other rows; 0 where chance explains the fall."""
        sure = self.fall > LEAST_Z * self.error and self.skill > 0
        return min(1.0, self.fall / self.skill) if sure else 0.0

    @property
    def costs_nothing(self) -> bool:
        """Whether the fall is within its interval, or a tenth of the skill at most."""
        return self.fall <= NORMAL * self.error or (self.skill > 0 and self.fall <= 0.1 * self.skill)

    def words(self, other: str) -> str:
        """Return both scores and the fall with its interval."""
        low, high = self.fall - NORMAL * self.error, self.fall + NORMAL * self.error
        return (
            f"{self.metric} {self.random:.3f} on rows drawn at random and {self.other:.3f} {other}, worse by {self.fall:.3f}"
            f" ({low:.3f} to {high:.3f}), on {self.rows:,} rows"
        )

    def evidence(self) -> dict[str, object]:
        """Return the numbers by name."""
        low, high = self.fall - NORMAL * self.error, self.fall + NORMAL * self.error
        return {"metric": self.metric, "random": self.random, "other": self.other, "fall": self.fall, "low": low, "high": high}


def ordered_gap(frame: Frame, learner: Learner) -> Gap | None:
    """Return the gap between rows drawn at random and the last quarter of time, on at most 12,000 rows; None where it cannot be told.

    It cannot where all decisions are of one moment, or rows are few.
    """
    if not ordered(frame):
        return None
    return frame.once("ordered gap", lambda: _gap(sample(frame, MOST_ROWS), learner, [_last(sample(frame, MOST_ROWS).rows.num_rows)]))


def group_gap(frame: Frame, learner: Learner, name: str) -> Gap | None:
    """Return the gap between rows drawn at random and rows of other groups of the column `name`; None where it cannot be told."""

    def made() -> Gap | None:
        seen = sample(frame, MOST_ROWS)
        found = codes_of(seen.column(name))
        return _gap(seen, learner, [_other_groups(found, frame.seed + draw) for draw in range(DRAWS)])

    return frame.once(f"gap by {name}", made)


def ordered(frame: Frame) -> bool:
    """Return whether decisions are spread over time: of more moments than one in a thousand rows."""
    return bool(len(np.unique(frame.times)) > max(2, frame.rows.num_rows / 1000))


def repeated(found: Whole) -> bool:
    """Return whether groups come again: a tenth of the rows at least share theirs with others."""
    known = found[found != NONE]
    return len(known) > 0 and float((np.bincount(known)[known] > 1).mean()) > 0.1


def random_score(frame: Frame, learner: Learner, features: tuple[str, ...] | None = None) -> float | None:
    """Return the score of a quick model on a quarter of at most 12,000 rows drawn at random."""
    seen = sample(frame, MOST_ROWS)
    held = _random(seen.rows.num_rows, frame.seed)
    return score(frame.task, seen.label[held], learner(seen, ~held, held, features))


def _gap(seen: Frame, learner: Learner, held: list[Mask]) -> Gap | None:
    rows = seen.rows.num_rows
    drawn = [_random(rows, seen.seed + draw) for draw in range(DRAWS)]
    if rows < LEAST_ROWS or not all(
        enough(seen.task, seen.label[mask]) and enough(seen.task, seen.label[~mask]) for mask in [*drawn, *held]
    ):
        return None
    first, then = ([_scored(seen, learner, mask) for mask in masks] for masks in (drawn, held))
    (random, random_error), (other, other_error) = _mean(first), _mean(then)
    fall = random - other if seen.task == "binary" else other - random
    skill = random - 0.5 if seen.task == "binary" else float(np.abs(seen.label - np.median(seen.label)).mean()) - random
    return Gap(score_name(seen.task), random, other, fall, math.hypot(random_error, other_error), skill, rows)


def _scored(seen: Frame, learner: Learner, held: Mask) -> tuple[float, float]:
    """Return the score on the rows `held` of a model that learnt from the others, and its standard error."""
    truth, answers = seen.label[held], learner(seen, ~held, held)
    if seen.task == "binary":
        found = auc(truth, answers) or 0.5
        return found, auc_error(found, truth)
    losses = np.abs(truth - answers)
    parts = np.array([part.mean() for part in np.array_split(losses, BLOCKS)])
    return float(losses.mean()), float(parts.std(ddof=1) / math.sqrt(BLOCKS))


def auc_error(value: float, truth: Numbers) -> float:
    """Return the standard error of an AUC.

    Source: Hanley and McNeil (1982), the exponential approximation.

    >>> round(auc_error(0.8, np.array([0.0, 1.0] * 100)), 3)
    0.031
    """
    ones, zeros = float((truth == 1).sum()), float((truth == 0).sum())
    first, second = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (ones - 1) * (first - value**2) + (zeros - 1) * (second - value**2)
    return math.sqrt(spread / (ones * zeros))


def _mean(scored: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean score, and the error of one: draws of the same rows are no independent witnesses."""
    return float(np.mean([value for value, _ in scored])), float(np.mean([error for _, error in scored]))


def _random(rows: int, seed: int) -> Mask:
    return np.random.default_rng(seed).permutation(rows) < rows * HELD_SHARE


def _last(rows: int) -> Mask:
    return np.arange(rows) >= rows * (1 - HELD_SHARE)


def _other_groups(found: Whole, seed: int) -> Mask:
    """Return a quarter of the rows, of whole groups; a null is a group of its own."""
    alone = found == NONE
    apart = np.where(alone, found.max(initial=0) + 1 + np.cumsum(alone), found)
    groups, place, sizes = np.unique(apart, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(groups))
    within = np.cumsum(sizes[order]) <= len(found) * HELD_SHARE
    return np.isin(place, order[within])
