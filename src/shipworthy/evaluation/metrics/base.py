"""What a metric is: a number of many rows, with how sure it is, beside the rule on the same rows."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from shipworthy.records import Task

Numbers = npt.NDArray[np.float64]
Better = Literal["lower", "higher", "nearest"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the answers, besides what came true.

    `quantile` is the one that a regression answers with, None for a middle. `threshold` is from which probability on a row is acted
    on, `capacity` the share of rows that can be; None where nobody said. `base` is the mean of what came true in the rows
    measured, from which R² is reckoned without losing figures.
    """

    task: Task
    quantile: float | None = None
    threshold: float | None = None
    capacity: float | None = None
    base: float = 0.0


class Metric(ABC):
    """One number of many rows. A member's docstring says what it is, what it is blind to, and the source of its formula.

    `title` is its name for people; `better` which way is better, or that what was asked for is best (`nearest`); `goal` what is then best.
    """

    title: ClassVar[str]
    better: ClassVar[Better]

    @property
    def name(self) -> str:
        """The metric's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def fits(self, asked: Asked) -> bool:
        """Return whether it measures such answers."""


class SumMetric(Metric):
    """A metric that is reckoned from sums over rows: what a draw of days gives is then a matter of their sums."""

    @abstractmethod
    def columns(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return what is summed of each row, shape (n, k); NaN where truth or answer is."""

    def away(self, sums: Numbers, asked: Asked) -> Numbers | None:
        """Return how far each line of `sums` can be from the first one at most, in the metric, shape (draws,).

        None, for most metrics: the numbers of the draws themselves say how sure the metric is. A metric that chance can only raise says it
        otherwise: its draws are all too high.
        """
        return None

    @abstractmethod
    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the metric of each line of `sums`, shape (draws, k) in, (draws,) out; NaN where there is nothing to divide by."""


class MeanLoss(SumMetric):
    """A metric that is the mean of a number of each row."""

    @abstractmethod
    def loss(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return that number of each row, shape (n,)."""

    def columns(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return the number of each row, and 1."""
        return np.column_stack([self.loss(truth, answers, asked), np.ones(len(truth))])

    def of(self, sums: Numbers, asked: Asked) -> Numbers:
        """Return the mean."""
        return ratio(sums[:, 0], sums[:, 1])


class Acted(SumMetric):
    """A metric of whom was acted on: those from the threshold on, against what came true."""

    def fits(self, asked: Asked) -> bool:
        """Return whether there is a threshold to act from."""
        return asked.task == "binary" and asked.threshold is not None

    def columns(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return whether a row is a true positive, a false one, a false negative, a true one."""
        return cells(truth, answers, 0.5 if asked.threshold is None else asked.threshold)


class Recognised(SumMetric):
    """A metric of which rows of each class were recognised: the most probable class against the one that came true."""

    def fits(self, asked: Asked) -> bool:
        """Return whether there are several classes."""
        return asked.task == "multiclass"

    def columns(self, truth: Numbers, answers: Numbers, asked: Asked) -> Numbers:
        """Return for each class whether a row is one of it and was recognised, was taken for one, is one: shape (n, 3 c).

        >>> from shipworthy.evaluation.metrics.macro_f1 import MacroF1
        >>> MacroF1().columns(np.array([0.0]), np.array([[0.4, 0.6]]), Asked("multiclass")).tolist()
        [[0.0, 0.0, 0.0, 1.0, 1.0, 0.0]]
        """
        places = np.arange(answers.shape[1])
        taken = answers.argmax(axis=1)[:, None] == places
        there = truth[:, None] == places
        return np.hstack([taken & there, taken, there]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows by their answers, the highest first: weights summed up to the end of each run of equal answers, shape (draws, places).

    `rows` counts them, `positives` those that came true.
    """

    rows: Numbers
    positives: Numbers

    @property
    def all_rows(self) -> Numbers:
        """How many rows there are, shape (draws,)."""
        return self.rows[:, -1]

    @property
    def all_positives(self) -> Numbers:
        """How many came true, shape (draws,)."""
        return self.positives[:, -1]

    def reached(self, share: float) -> Numbers:
        """Return how many positives are among the first `share` of rows, shape (draws,); of equal answers at the edge a like share."""
        lines = zip(self.rows, self.positives, strict=True)
        return np.array([np.interp(share * rows[-1], np.append(0.0, rows), np.append(0.0, came)) for rows, came in lines])


class RankMetric(Metric):
    """A metric that looks at the order of the answers alone; of several classes the mean over them, each against the rest.

    Source: Provost and Domingos (2003), Tree induction for probability-based ranking (one class against the rest; here classes count
    alike).
    """

    def fits(self, asked: Asked) -> bool:
        """Return whether there are outcomes to rank by."""
        return asked.task != "regression"

    @abstractmethod
    def of(self, ranking: Ranking, asked: Asked) -> Numbers:
        """Return the metric of each draw, shape (draws,); NaN where all outcomes are alike."""


def cells(truth: Numbers, answers: Numbers, threshold: float) -> Numbers:
    """Return for each row whether it is a true positive, a false one, a false negative, a true one, shape (n, 4); NaN is not known.

    >>> cells(np.array([1.0, 0.0]), np.array([0.9, 0.2]), 0.5).tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    acted = np.where(np.isfinite(truth) & np.isfinite(answers), (answers >= threshold).astype(np.float64), np.nan)
    return np.column_stack([acted * truth, acted * (1 - truth), (1 - acted) * truth, (1 - acted) * (1 - truth)])


def ratio(above: Numbers, below: Numbers) -> Numbers:
    """Return `above` / `below`, NaN where there is nothing to divide by."""
    share: Numbers = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return share
