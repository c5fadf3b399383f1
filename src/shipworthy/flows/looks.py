"""What studies ask a fitted model on a part of its holdout: encoded rows, answers, losses, and what explains them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import losses
from shipworthy.flows.studies.base import Subject, level_of
from shipworthy.records import Interval
from shipworthy.registry.encoding import encode
from shipworthy.registry.explaining.explainer import Explainer, explainer_for
from shipworthy.registry.explaining.sampling import MOST_BACKGROUND

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
TREE_VISITS = 8_000_000  # rows times trees that a study asks for: about a second of one core
OTHER_ROWS = 40_000  # rows that a study asks a model without trees for
LEAST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of the holdout at even distances: their places in it, the matrix that the model is asked, shape (n, k), and its answers.

    `answers` are the fitted model's own, shape (n,): before any calibration, so that changed rows are compared with their like.
    """

    subject: Subject
    places: Places
    matrix: Numbers
    answers: Numbers

    @property
    def whole(self) -> bool:
        """Whether it is all of the holdout."""
        return len(self.places) == len(self.subject.answers)

    @property
    def words(self) -> str:
        """What was looked at, as a clause."""
        all_ = len(self.subject.answers)
        return f"all {all_:,} held-out decisions" if self.whole else f"{len(self.places):,} of {all_:,} held-out decisions, evenly taken"

    @property
    def losses(self) -> Numbers:
        """The loss of each answer, shape (n,)."""
        return self.losses_of(self.answers)

    def losses_of(self, answers: Numbers) -> Numbers:
        """Return the loss of each of other answers to the same rows, shape (n,)."""
        material, quantile = self.subject.material, self.subject.spec.evaluation.quantile
        return losses(material.metric, self.subject.truth[self.places], answers, quantile=quantile)

    def interval(self, values: Numbers) -> Interval | None:
        """Return where the mean of `values`, one for each row, lies, as sure as the looks at the holdout leave it; None if not known."""
        together = self.subject.together
        own = None if together is None else together[self.places]
        return mean_interval(values, self.subject.times[self.places], together=own, level=level_of(self.subject))

    def asked(self, variants: Sequence[Numbers]) -> list[Numbers]:
        """Return what the model says to each variant of the matrix, all asked at once."""
        if not variants:
            return []
        told = self.subject.meant(np.concatenate(variants))
        return np.split(told, len(variants))


def sample(subject: Subject, *, questions: int = 1) -> Sample:
    """Return as many rows of the holdout as a study may ask `questions` questions about, at least 200 where there are."""
    trees = subject.fitted.iterations
    affordable = TREE_VISITS // (trees * questions) if trees else OTHER_ROWS // questions
    places = evenly(len(subject.answers), max(LEAST_ROWS, affordable))
    return sampled(subject, places, encode(subject.schema, subject.held.take(pa.array(places))))


def sampled(subject: Subject, places: Places, matrix: Numbers) -> Sample:
    """Return the rows of the holdout at `places`, encoded as `matrix`, with what the model says to them."""
    return Sample(subject, places, matrix, subject.fitted.answers(matrix))


def evenly(rows: int, most: int) -> Places:
    """Return at most `most` places out of `rows`, at even distances.

    >>> evenly(10, 4).tolist(), evenly(2, 4).tolist()
    ([0, 3, 6, 9], [0, 1])
    """
    return np.unique(np.linspace(0, max(rows - 1, 0), min(rows, most)).astype(np.int64))


def background(subject: Subject) -> Numbers:
    """Return up to 50 rows that the model learnt from, from all over its history, encoded, shape (m, k)."""
    fitted = np.flatnonzero(subject.material.split.fit)
    return encode(subject.schema, subject.material.features.take(pa.array(fitted[evenly(len(fitted), MOST_BACKGROUND)])))


def explainer_on(subject: Subject) -> Explainer:
    """Return what explains the model of `subject`."""
    fitted = subject.fitted
    return explainer_for(fitted.format, fitted.content, fitted.answers, background(subject), subject.material.task)
