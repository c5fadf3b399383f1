"""The loss of each answer; every metric is the mean of one, and lower is better."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadData, UnknownName
from shipworthy.spec.part import Metric

Numbers = npt.NDArray[np.float64]

NEVER_SURE = 1e-6  # a probability is kept this far from 0 and 1, so that one wrong certainty is not an infinite loss


def losses(metric: Metric, truth: Numbers, answers: Numbers, *, quantile: float | None = None) -> Numbers:
    """Return the loss of each answer, shape (n,); where truth or answer is NaN the loss is NaN: not known.

    Of several classes `truth` holds the code of one, from 0, and `answers` the probability of each, shape (n, c): then `log_loss` is that
    of the class which came true, and `brier` the sum of the squares over all classes, from 0 to 2.

    `mae`: |answer - truth|, in the label's unit. `mse`: its square. `brier`: (probability - outcome)². `log_loss`: minus
    the logarithm of the probability given to what came true, in nats; probabilities are kept 1e-6 away from 0 and 1. `pinball`: how far the
    truth lies above the answer times `quantile`, or below it times 1 - `quantile`, in the label's unit.

    Args:
        metric: which loss.
        truth: shape (n,), what came true; 0 or 1 for `log_loss` and `brier`, or the code of a class.
        answers: shape (n,), what was said; probabilities of 1 for `log_loss` and `brier`; or shape (n, c), those of each class.
        quantile: of `pinball` alone, above 0 and below 1: the share of outcomes that shall not exceed the answer.

    Raises:
        UnknownName: no such metric.
        BadData: the shapes differ, a probability or outcome lies outside 0 to 1, `pinball` has no quantile, or a metric knows no classes.

    Source:
        Brier (1950) for `brier`; Good (1952) for `log_loss`; Koenker and Bassett (1978) for `pinball`.

    >>> losses("mae", np.array([10.0, 2.0, np.nan]), np.array([12.0, 2.0, 1.0]))
    array([ 2.,  0., nan])
    >>> losses("brier", np.array([0.0, 2.0]), np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]))
    array([0. , 1.5])
    """
    if metric not in KNOWN:
        raise UnknownName.of("metric", metric, known=KNOWN, where="evaluation.metric")
    if len(truth) != len(answers):
        raise BadData(where=metric, what=f"{len(answers)} answers for {len(truth)} outcomes", fix="measure both on the same rows")
    if answers.ndim == 2:
        return _of_classes(metric, truth, answers)
    if metric in ("log_loss", "brier"):
        _refuse_outside(metric, "answer", answers)
        _refuse_outside(metric, "outcome", truth)
    if metric == "pinball":
        return _pinball(truth, answers, quantile)
    return LOSSES[metric](truth, answers)


def mean_loss(metric: Metric, truth: Numbers, answers: Numbers, *, quantile: float | None = None) -> float | None:
    """Return the metric; None where there are no rows, or one of them is not known.

    >>> mean_loss("mse", np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    2.0
    >>> mean_loss("mse", np.array([]), np.array([])) is None
    True
    """
    return known_mean(losses(metric, truth, answers, quantile=quantile))


def known_mean(values: Numbers) -> float | None:
    """Return the mean of `values`; None where there are none, or one is not finite."""
    return float(values.mean()) if len(values) and bool(np.isfinite(values).all()) else None


def _absolute(truth: Numbers, answers: Numbers) -> Numbers:
    return np.abs(answers - truth)


def _squared(truth: Numbers, answers: Numbers) -> Numbers:
    off: Numbers = (answers - truth) ** 2
    return off


def _surprise(truth: Numbers, answers: Numbers) -> Numbers:
    sure = np.clip(answers, NEVER_SURE, 1 - NEVER_SURE)
    surprise: Numbers = -(truth * np.log(sure) + (1 - truth) * np.log1p(-sure))
    return surprise


def _pinball(truth: Numbers, answers: Numbers, quantile: float | None) -> Numbers:
    if quantile is None or not 0 < quantile < 1:
        raise BadData(where="pinball", what=f"the quantile is {quantile}, not between 0 and 1", fix="set evaluation.quantile, such as 0.9")
    above = truth - answers
    off: Numbers = np.maximum(quantile * above, (quantile - 1) * above)
    return off


def _of_classes(metric: Metric, truth: Numbers, answers: Numbers) -> Numbers:
    if metric not in ("log_loss", "brier"):
        what = f"does not measure {answers.shape[1]} probabilities for a row"
        raise BadData(where=metric, what=what, fix="set evaluation.metric: log_loss or brier")
    _refuse_outside(metric, "answer", answers)
    _refuse_no_class(metric, truth, answers.shape[1])
    known = np.isfinite(truth) & np.isfinite(answers).all(axis=1)
    came = np.where(known, truth, 0).astype(np.int64)
    said = answers[np.arange(len(truth)), came]
    found = -np.log(np.clip(said, NEVER_SURE, 1.0)) if metric == "log_loss" else (answers**2).sum(axis=1) - 2 * said + 1
    return np.where(known, found, np.nan)


def _refuse_no_class(metric: str, truth: Numbers, classes: int) -> None:
    known = truth[np.isfinite(truth)]
    odd = known[(known < 0) | (known >= classes) | (known != np.rint(known))]
    if len(odd):
        what = f"{len(odd)} of {len(truth)} outcomes are no code of {classes} classes, for example {odd[0]:g}"
        raise BadData(where=metric, what=what, fix="give the place of the class, from 0")


def _refuse_outside(metric: str, role: str, values: Numbers) -> None:
    outside = values[(values < 0) | (values > 1)]
    if len(outside):
        raise BadData(
            where=metric,
            what=f"{len(outside)} of {values.size} {role}s lie outside 0 to 1, for example {outside[0]:g}",
            fix="give probabilities of the outcome 1, and outcomes of 0 and 1",
        )


LOSSES: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = {"mae": _absolute, "mse": _squared, "log_loss": _surprise, "brier": _squared}
KNOWN = (*LOSSES, "pinball")
