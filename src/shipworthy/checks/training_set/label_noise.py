"""Rows whose label is likely wrong."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.folds import OutOfFold, out_of_fold
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask, Numbers
from shipworthy.checks.training_set.base.rows import in_words, shown_rows

LEAST_AUC = 0.95


class LabelNoise(TrainingCheck):
    """Share of labels that are likely wrong, with the worst of them first: a list to look through, no verdict.

    A label is suspect if a model that has not seen the row gives the other label a chance at least as high as it gives on average to
    rows that carry it. A share is given only where the model tells the labels apart with an AUC of .95 or more: below that,
    suspects are cases that nobody could have told. A sample of 20,000 rows is looked at.

    Source: Northcutt, Jiang and Chuang (2021), "Confident Learning", the thresholds t_j and the off-diagonal of the confident joint.

    Fires when labels were mistyped, swapped, or joined to the wrong rows, and the features know better.
    Blind to wrong labels that follow a rule, which the model learns; to any where the features tell little; to labels that are no
    yes or no.
    """

    unit = "share of rows, 0 to 1"
    notes = Bound(high=0.03)
    of_label = True
    fix = "look through the rows, worst first, and correct the label where it comes from"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for a binary task that the features tell well, none for another."""
        found = out_of_fold(frame, learner) if frame.task == "binary" else None
        if found is None or found.auc is None or found.auc < LEAST_AUC:
            return []
        label = frame.label[found.places]
        suspect = suspects(label, found.answers)
        worst = _worst_first(found, label, suspect)
        rows = [row | {"chance_of_label": self_confidence} for row, self_confidence in _shown(frame, found, worst)]
        example = f"; the worst: {in_words(rows[0])}" if rows else ""
        words = f"has {suspect.sum():,} of {len(label):,} labels that are likely wrong (AUC out of fold {found.auc:.3f}){example}"
        return [Finding(float(suspect.mean()), words, evidence={"suspects": int(suspect.sum()), "auc": found.auc, "rows": rows})]

    def passes(self) -> Frame:
        """Return a set whose labels the features tell well, and right."""
        columns = sound()["columns"]
        return shown(columns, (np.asarray(columns["amount"]) > 20).astype(int))

    def fails(self) -> Frame:
        """Return the same set with every twentieth label swapped."""
        columns = sound(2000)["columns"]
        label = (np.asarray(columns["amount"]) > 20).astype(int)
        swapped = chance(1).random(2000) < 0.04
        return shown(columns, np.where(swapped, 1 - label, label))


def suspects(label: Numbers, answers: Numbers) -> Mask:
    """Return which labels are likely wrong: the other one is more likely, and at least as likely as it is on average where it is so.

    Args:
        label: shape (n,), 0 or 1, both of them.
        answers: shape (n,), chances of 1 by a model that has not seen the row.

    >>> suspects(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.95, 0.9, 0.8])).tolist()
    [False, True, False, False]
    """
    as_one, as_zero = answers[label == 1].mean(), (1 - answers[label == 0]).mean()
    found: Mask = np.where(label == 1, (1 - answers >= as_zero) & (answers < 0.5), (answers >= as_one) & (answers > 0.5))
    return found


def _worst_first(found: OutOfFold, label: Numbers, suspect: Mask) -> list[int]:
    """Return the suspects' places in the sample, the least likely label first."""
    likely = np.where(label == 1, found.answers, 1 - found.answers)
    return [int(place) for place in np.argsort(likely, kind="stable") if suspect[place]]


def _shown(frame: Frame, found: OutOfFold, worst: list[int]) -> list[tuple[dict[str, object], float]]:
    rows = shown_rows(frame, found.places[worst])
    return [(row, float(round(_likely(frame, found, place), 4))) for row, place in zip(rows, worst, strict=False)]


def _likely(frame: Frame, found: OutOfFold, place: int) -> float:
    answer = float(found.answers[place])
    return answer if frame.label[found.places[place]] == 1 else 1 - answer
