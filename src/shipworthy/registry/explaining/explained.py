"""Answers taken apart: a base, and what each feature adds to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from shipworthy.records import Task

Numbers = npt.NDArray[np.float64]
Scale = Literal["label", "log-odds", "log", "score"]
NEVER_SURE = 1e-12  # a probability is kept this far from 0 and 1, so that its log-odds are finite
APART = 1e-6  # what contributions may miss an answer by, relative to it where it is beyond 1


@dataclass(frozen=True, slots=True)
class Explained:
    """The answers to n rows taken apart: `base` plus the contributions of a row is what the model says to it.

    All of it is on `scale`: `label` is the label's own unit; `log-odds` those of a probability; `log` the logarithm of the
    answer; `score` what a softmax makes probabilities of classes from. `contributions` has shape (n, k), in the order of the schema;
    `answers` shape (n,), what the model itself says, on the scale. Of several classes it is the most probable one of each row that is
    taken apart: its place in the schema's is in `codes`, shape (n,), and `base` has one number for each row; else `codes` is None.
    """

    scale: Scale
    base: float | Numbers
    contributions: Numbers
    answers: Numbers
    codes: npt.NDArray[np.int64] | None = None

    @property
    def bases(self) -> Numbers:
        """The base of each row, shape (n,)."""
        return np.broadcast_to(np.asarray(self.base, dtype=np.float64), self.answers.shape)

    @property
    def apart(self) -> float | None:
        """The most that base and contributions miss an answer by, as a share of it where it is beyond 1; None where there are no rows.

        NaN where one of them is not finite.
        """
        if not len(self.answers):
            return None
        summed = self.base + self.contributions.sum(axis=1)
        return float((np.abs(summed - self.answers) / np.maximum(1.0, np.abs(self.answers))).max())

    @property
    def adds_up(self) -> bool:
        """Whether base and contributions give each answer to within 1e-6; no rows, or NaN, do not."""
        apart = self.apart
        return apart is not None and apart <= APART


def scale_of(task: Task) -> Scale:
    """Return the scale on which contributions to answers of a task add up."""
    return "label" if task == "regression" else "log-odds"


def on_scale(answers: Numbers, scale: Scale) -> Numbers:
    """Return answers on `scale`; probabilities are kept 1e-12 away from 0 and 1.

    >>> on_scale(np.array([0.5, 1.0]), "log-odds").round(2)
    array([ 0.  , 27.63])
    """
    return TO[scale](answers)


def from_scale(values: Numbers, scale: Scale) -> Numbers:
    """Return values on `scale` as answers.

    >>> from_scale(np.array([0.0]), "log-odds")
    array([0.5])
    """
    return FROM[scale](values)


def _log_odds(answers: Numbers) -> Numbers:
    sure = np.clip(answers, NEVER_SURE, 1 - NEVER_SURE)
    odds: Numbers = np.log(sure) - np.log1p(-sure)
    return odds


def _probability(odds: Numbers) -> Numbers:
    share: Numbers = 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    return share


def _same(values: Numbers) -> Numbers:
    return values


TO: Mapping[Scale, Callable[[Numbers], Numbers]] = {"label": _same, "log-odds": _log_odds, "log": np.log, "score": _same}
FROM: Mapping[Scale, Callable[[Numbers], Numbers]] = {"label": _same, "log-odds": _probability, "log": np.exp, "score": _same}
