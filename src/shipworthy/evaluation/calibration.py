"""Probabilities that are mended so that they mean what they say: as plain data, learnt where the model has not learnt."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.logistic import line, logit, sigmoid
from shipworthy.evaluation.losses import losses
from shipworthy.evaluation.resampling import Blocks, Codes, Times, blocks_of

Numbers = npt.NDArray[np.float64]
Kind = Literal["isotonic", "sigmoid"]
Wanted = Literal["none", "auto", "isotonic", "sigmoid"]

KINDS: tuple[Kind, ...] = ("sigmoid", "isotonic")  # the simpler one first
LEAST_ROWS = 200  # and at least this many outcomes of each kind:
LEAST_OUTCOMES = 20
FOLDS = 5
MOST_KNOTS = 400
REACH = 14.0  # log odds of one in a million: answers are kept that far from certainty


@dataclass(frozen=True, slots=True)
class Calibration:
    """How answers become calibrated ones, as plain data: an answer of said[i] means means[i], straight lines between, flat beyond.

    `said` rises, `means` never falls: the order of the rows stays, but for ties of an isotonic one.
    """

    kind: Kind
    said: tuple[float, ...]
    means: tuple[float, ...]

    def apply(self, answers: Numbers) -> Numbers:
        """Return the calibrated probabilities, shape (n,); NaN stays NaN.

        >>> Calibration("isotonic", (0.0, 0.5), (0.1, 0.3)).apply(np.array([0.25, 0.9])).round(3).tolist()
        [0.2, 0.3]
        """
        return np.asarray(np.interp(answers, self.said, self.means), dtype=np.float64)


def calibration_of(
    wanted: Wanted, truth: Numbers, answers: Numbers, times: Times, *, together: Codes | None = None, level: float = 0.95
) -> Calibration | None:
    """Return how `answers` are mended, learnt from rows that their model has not learnt from; None where nothing is to be mended.

    `auto` mends only where that surely helps: the Brier score of folds that the mending has not learnt from is lower, with its whole
    paired interval. Of two that surely help the sigmoid is taken, unless the isotonic one is surely better than it. Fewer
    than 200 rows, or 20 of one outcome, are too few for any; where `isotonic` or `sigmoid` is asked for by name it is learnt from them
    all the same.

    Args:
        wanted: what the spec asks for.
        truth: what came true, 0 or 1, shape (n,).
        answers: what a model said to these rows, which it has not learnt from, shape (n,).
        times: decision times, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        level: how sure "surely" is.
    """
    if wanted == "none" or not len(truth) or truth.min() == truth.max():
        return None
    if wanted == "isotonic" or wanted == "sigmoid":  # noqa: PLR1714, of which a type checker can tell what is left
        return learnt(wanted, truth, answers)
    few = min(truth.sum(), len(truth) - truth.sum())
    if len(truth) < LEAST_ROWS or few < LEAST_OUTCOMES:
        return None
    blocks = blocks_of(times, together)
    scores = {kind: losses("brier", truth, _crossed(kind, truth, answers, blocks)) for kind in KINDS}
    raw = losses("brier", truth, answers)
    chosen: Kind | None = None
    for kind in KINDS:
        apart = mean_interval(scores[kind] - (raw if chosen is None else scores[chosen]), times, together=together, level=level)
        chosen = kind if apart is not None and apart.high < 0 else chosen
    return None if chosen is None else learnt(chosen, truth, answers)


def learnt(kind: Kind, truth: Numbers, answers: Numbers) -> Calibration:
    """Return the calibration of one kind, learnt from all these rows.

    Source:
        Isotonic: Zadrozny and Elkan (2002). Sigmoid: Platt (1999), here of the log odds rather than of a score, with his
        targets, which keep a small sample from certainty.
    """
    if kind == "isotonic":
        fitted = IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(answers, truth)
        x, y = fitted.X_thresholds_, fitted.y_thresholds_
        kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_KNOTS)).round().astype(int))
        return Calibration("isotonic", _data(x[kept]), _data(y[kept]))
    came = truth.sum()
    target = np.where(truth > 0, (came + 1) / (came + 2), 1 / (len(truth) - came + 2))
    intercept, slope = line(logit(answers), target)
    odds = np.linspace(-REACH, REACH, MOST_KNOTS)
    return Calibration("sigmoid", _data(sigmoid(odds)), _data(sigmoid(intercept + max(slope, 0.0) * odds)))


def _data(values: Numbers) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _crossed(kind: Kind, truth: Numbers, answers: Numbers, blocks: Blocks) -> Numbers:
    """Return calibrated answers of each fold, learnt from the others; folds are stretches of days, or groups."""
    fold, mended = blocks.folds(FOLDS), answers.copy()
    for number in np.unique(fold):
        inside = fold == number
        others = truth[~inside]
        if len(others) and others.min() < others.max():
            mended[inside] = learnt(kind, others, answers[~inside]).apply(answers[inside])
    return mended
