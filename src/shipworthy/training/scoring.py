"""What a learner is worth on folds: it learns from one side of each, and its answers to the other are measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shipworthy.training.fitted import Numbers, Rows
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.parameters import Value
from shipworthy.training.split import Codes, Mask, Split

Loss = Callable[[Numbers, Numbers], Numbers]
"""The loss of each row, shape (n,), of truth and answers of that shape; lower is better."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold: `rows` hold nothing but its own rows, encoded by what its fitted side alone gives; `places` are theirs in the whole.

    `split.fit` is what a learner may see, `split.holdout` what it is asked.
    """

    rows: Rows
    split: Split
    places: Mask

    @property
    def asked(self) -> Codes:
        """The positions of the asked rows in the whole, shape (a,)."""
        found: Codes = np.flatnonzero(self.places)[self.split.holdout]
        return found


def out_of_fold(learner: Learner, folds: Sequence[Fold], *, aim: Aim, said: Mapping[str, Value], loss: Loss) -> Iterator[Numbers]:
    """Yield, fold after fold, the loss of each asked row of a fit to the others; a caller that has seen enough may stop.

    Args:
        learner: who learns.
        folds: in the order in which they are asked.
        aim: task, metric, seed.
        said: the learner's parameters.
        loss: what an answer costs.

    Raises:
        BadSpec: a parameter that the learner refuses.
    """
    for fold in folds:
        fitted = learner.fit(fold.rows, fold.split, aim=aim, said=said)
        held = fold.split.holdout
        yield loss(fold.rows.target[held], fitted.answers(fold.rows.matrix[held]))


def kept(split: Split, most_fit: int, most_asked: int, seed: int) -> Mask:
    """Return which rows of a fold are looked at: all of its sides, or so many of each, drawn at random.

    >>> from datetime import UTC, datetime
    >>> from shipworthy.records import Window
    >>> even, always = np.arange(100) % 2 == 0, Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    >>> int(kept(Split(even, ~even, even, even, always, always, always, 0), 20, 30, 1).sum())
    50
    """
    random = np.random.default_rng(seed)
    mask = np.zeros(len(split.fit), dtype=np.bool_)
    for side, most in ((split.fit, most_fit), (split.holdout, most_asked)):
        places = np.flatnonzero(side)
        mask[places if len(places) <= most else random.choice(places, most, replace=False)] = True
    return mask


def cut(split: Split, places: Mask) -> Split:
    """Return `split` of the rows `places` alone."""
    return replace(split, fit=split.fit[places], holdout=split.holdout[places], learn=split.learn[places], tail=split.tail[places])
