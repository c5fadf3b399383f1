"""Answers of the quick model for rows that it has not seen."""

from dataclasses import dataclass

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame, Learner, Numbers, Whole
from shipworthy.checks.training_set.base.scores import auc

FOLDS = 3
MOST_ROWS = 20_000
LEAST_ROWS = 200


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Answers out of fold for a sample of a training set.

    Args:
        places: the numbers of the rows, shape (m,), in order.
        answers: shape (m,); values, or probabilities of 1.
        auc: how well they tell the label; None for a regression and with one label alone.
    """

    places: Whole
    answers: Numbers
    auc: float | None


def out_of_fold(frame: Frame, learner: Learner) -> OutOfFold | None:
    """Return the quick model's answers for a sample of at most 20,000 rows, each by a model that has not seen it.

    Rows with the same features share a fold, so that no copy of a row tells its label. They are fitted once for a frame,
    whoever asks. None where there are fewer than 200 rows, or nothing to learn from.
    """
    return frame.once("out of fold", lambda: _fitted(frame, learner))


def _fitted(frame: Frame, learner: Learner) -> OutOfFold | None:
    if frame.rows.num_rows < LEAST_ROWS or not frame.features or np.all(frame.label == frame.label[0]):
        return None
    places = frame.sample(MOST_ROWS)
    fold = folds(frame)
    answers = np.full(frame.rows.num_rows, np.nan)
    chosen = np.zeros(frame.rows.num_rows, bool)
    chosen[places] = True
    for number in range(FOLDS):
        asked = chosen & (fold == number)
        answers[asked] = learner(frame, chosen & (fold != number), asked)
    found = answers[places]
    return OutOfFold(places, found, auc(frame.label[places], found) if frame.task == "binary" else None)


def folds(frame: Frame) -> Whole:
    """Return the fold of each row, 0 to 2, shape (n,): alike for rows whose features are alike."""
    mixed = np.full(frame.rows.num_rows, frame.seed + 1, np.uint64)
    for name in frame.features:
        mixed = mixed * np.uint64(6364136223846793005) + frame.codes(name).astype(np.uint64) + np.uint64(1442695040888963407)
        mixed ^= mixed >> np.uint64(29)
    return (mixed % np.uint64(FOLDS)).astype(np.int64)
