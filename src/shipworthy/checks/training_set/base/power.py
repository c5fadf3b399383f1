"""How well one feature alone tells the label, on rows that it has not learnt from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Mask, Numbers
from shipworthy.checks.training_set.base.sample import sample
from shipworthy.checks.training_set.base.scores import auc
from shipworthy.checks.training_set.base.values import NONE, Whole, codes_of
from shipworthy.records import Task

BINS = 64
FEWEST_BINS = 8
ROWS_A_BIN = 50
FOLDS = 5
PRIOR_ROWS = 3.0
LEAST_RARER = 30
LEAST_ROWS = 100
LEARNT_SHARE = 0.75
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Power:
    """What one feature alone tells: AUC of a binary label, else the share of the variance of the label's ranks.

    `whole` is over all rows, where being null tells as well; `filled` over those that have a value; `ordered` learnt from the first
    three quarters of time and asked about the last. Each is None where there are too few rows to say.
    """

    whole: float | None
    filled: float | None
    ordered: float | None
    filled_share: float

    @property
    def best(self) -> float | None:
        """The higher of `whole` and `filled`."""
        known = [power for power in (self.whole, self.filled) if power is not None]
        return max(known) if known else None


def powers(frame: Frame) -> Mapping[str, Power]:
    """Return the power of each feature, measured on at most 20,000 rows drawn with the frame's seed.

    A value is answered with the mean label of like rows in the other folds: those with the same text, or with a number in the same of
    at most 64 quantiles; rare ones are drawn to the mean of all.
    """
    return frame.once("powers", lambda: _powers(sample(frame)))


def power_of(task: Task, label: Numbers, binned: Whole, fold: Whole) -> float | None:
    """Return the power of one feature, its values as codes, each fold answered from the others; None with too few rows.

    >>> said = np.tile([0.0, 1.0], 200)
    >>> power_of("binary", said, said.astype(np.int64), np.arange(400) // 2 % 5)
    1.0
    """
    if not enough(task, label):
        return None
    truth = label if task == "binary" else _ranks(label)
    answers = np.zeros(len(truth))
    for number in np.unique(fold):
        asked = fold == number
        answers[asked] = means(truth[~asked], binned[~asked], binned[asked])
    return told(task, truth, answers)


def told(task: Task, truth: Numbers, answers: Numbers) -> float | None:
    """Return the AUC of answers to a binary task, the share of the variance that they explain in another, from 0."""
    if task == "binary":
        return auc(truth, answers)
    left, all_of_it = float(((truth - answers) ** 2).mean()), float(truth.var())
    return max(0.0, 1 - left / all_of_it) if all_of_it else None


def means(truth: Numbers, known: Whole, asked: Whole) -> Numbers:
    """Return the mean of `truth` over the rows of each code of `asked`, drawn to the mean of all by three rows."""
    top = int(max(known.max(initial=NONE), asked.max(initial=NONE))) + 2
    counts = np.bincount(known + 1, minlength=top)
    sums = np.bincount(known + 1, weights=truth, minlength=top)
    smoothed: Numbers = ((sums + PRIOR_ROWS * truth.mean()) / (counts + PRIOR_ROWS))[asked + 1]
    return smoothed


def enough(task: Task, label: Numbers) -> bool:
    """Return whether there are rows enough to tell a power: a hundred, of a binary label thirty of the rarer."""
    if len(label) < LEAST_ROWS:
        return False
    ones = int((label == 1).sum())
    return task != "binary" or min(ones, len(label) - ones) >= LEAST_RARER


def binned(values: Numbers) -> Whole:
    """Return the quantile of each number among at most 64 of some 50 rows, each value its own where they are few; `NONE` for NaN."""
    known = values[~np.isnan(values)]
    different = np.unique(known)
    bins = max(FEWEST_BINS, min(BINS, len(known) // ROWS_A_BIN))
    edges = different if len(different) <= bins else np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.where(np.isnan(values), NONE, np.searchsorted(edges, values, side="right")).astype(np.int64)


def folds(rows: int, seed: int) -> Whole:
    """Return a fold of five for each row, in no order."""
    return np.random.default_rng(seed).permutation(rows) % FOLDS


def _powers(frame: Frame) -> dict[str, Power]:
    fold = folds(frame.rows.num_rows, frame.seed)
    early = np.arange(frame.rows.num_rows) < frame.rows.num_rows * LEARNT_SHARE
    return {name: _power(frame, feature_codes(frame, name), fold, early) for name in frame.features}


def numbers(frame: Frame, name: str) -> Numbers:
    """Return a feature that holds no text as numbers, shape (n,), NaN where it is null; a time in days from the decision.

    A time as such would only say when the row was decided; so it lies below 0 if it came before.
    """
    found = frame.numbers(name)
    if frame.features[name].kind in ("date", "timestamp"):
        found = (found - frame.times.astype(np.int64) / 1e6) / DAY_SECONDS
    return found


def feature_codes(frame: Frame, name: str) -> Whole:
    """Return the values of a feature as codes: texts as they are, numbers by quantile."""
    return codes_of(frame.rows.column(name)) if frame.features[name].kind == "text" else binned(numbers(frame, name))


def _power(frame: Frame, coded: Whole, fold: Whole, early: Mask) -> Power:
    filled = coded != NONE
    whole = power_of(frame.task, frame.label, coded, fold)
    partly = power_of(frame.task, frame.label[filled], coded[filled], fold[filled]) if not filled.all() else whole
    return Power(whole, partly, _ordered(frame, coded, early), float(filled.mean()) if len(filled) else 0.0)


def _ordered(frame: Frame, coded: Whole, early: Mask) -> float | None:
    if not enough(frame.task, frame.label[~early]):
        return None
    truth = frame.label if frame.task == "binary" else _ranks(frame.label)
    return told(frame.task, truth[~early], means(truth[early], coded[early], coded[~early]))


def _ranks(label: Numbers) -> Numbers:
    """Return where each label stands among all, 0 to 1: one huge value does not decide the variance."""
    _, place, counts = np.unique(label, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    ranks: Numbers = middle[place] / len(label)
    return ranks
