"""Every metric that fits the answers, with its interval, beside the rule on the same rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation import metrics
from shipworthy.evaluation.metrics.base import Asked, Metric, Ranking, RankMetric, SumMetric
from shipworthy.evaluation.resampling import Blocks, Codes, Times, blocks_of
from shipworthy.families import members
from shipworthy.records import Interval

Numbers = npt.NDArray[np.float64]

RANK_DRAWS = 1000
PLACES = 1000


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of some answers; None is not known. `difference` is answers minus the rule's on the same rows, as an interval."""

    metric: Metric
    rows: int
    value: float | None
    interval: Interval | None
    rule: float | None
    difference: Interval | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A metric of the rows as they are, then of each draw, shape (1 + draws,), and how far each is away at most, where it says so.

    `raised` says that chance can only raise it, from 0 on: the draws' own upper end then holds. A difference can go both ways.
    """

    values: Numbers
    away: Numbers | None = None
    raised: bool = True

    @property
    def value(self) -> float:
        """The metric of the rows as they are."""
        return float(self.values[0])

    def interval(self, blocks: Blocks, level: float) -> Interval | None:
        """Return where the truth lies: among the draws, or as far from the value as the draws are away."""
        drawn = blocks.interval(self.values[1:], level)
        if self.away is None or drawn is None:
            return drawn
        wide = blocks.within(self.value, self.away[1:], level)
        if wide is None or not self.raised:
            return wide
        return Interval(max(0.0, wide.low), min(wide.high, drawn.high), level)


def measure_all(
    asked: Asked, times: Times, truth: Numbers, answers: Numbers, rule: Numbers | None = None, *,
    together: Codes | None = None, level: float = 0.95, only: Sequence[str] | None = None,
) -> list[Measured]:  # fmt: skip
    """Return each metric that fits, in alphabetical order of their names; all of them from the same draws of days or groups.

    Args:
        asked: what is asked of the answers.
        times: decision times, shape (n,), datetime64 in UTC.
        truth: what came true, shape (n,).
        answers: what the model says, shape (n,), or the probability of each class, shape (n, c); `truth` then has their codes.
        rule: what the rule says, shaped as `answers`, in the same scale; None where there is none.
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        level: the share of intervals that hold the truth.
        only: the names of the metrics to measure; all if absent.

    Raises:
        BadData: the shapes differ, or a probability or outcome lies outside 0 to 1.

    >>> days = np.datetime64("2013-01-01", "us") + np.arange(40) * np.timedelta64(1, "D")
    >>> truth = np.arange(40.0) % 2
    >>> [found] = measure_all(Asked("binary"), days, truth, answers=0.2 + truth / 2, only=["auc"])
    >>> found.value, found.interval
    (1.0, Interval(low=1.0, high=1.0, level=0.95))
    """
    known: Mapping[str, Metric] = members(metrics, Metric)  # type: ignore[type-abstract]
    chosen = [metric for name, metric in known.items() if metric.fits(asked) and (only is None or name in only)]
    said = [answers] if rule is None else [answers, rule]
    if not len(truth) or not all(bool(np.isfinite(part).all()) for part in (truth, *said)):
        return [Measured(metric, len(truth), None, None, None, None) for metric in chosen]
    blocks, asked = blocks_of(times, together), _based(asked, truth)
    drawn = [_drawn(chosen, asked, truth, part, blocks) for part in said]
    return [_measured(metric, len(truth), blocks, [part[metric.name] for part in drawn], level) for metric in chosen]


def _based(asked: Asked, truth: Numbers) -> Asked:
    return Asked(asked.task, asked.quantile, asked.threshold, asked.capacity, float(truth.mean()))


def _measured(metric: Metric, rows: int, blocks: Blocks, drawn: Sequence[Drawn], level: float) -> Measured:
    """Return a metric of its draws, beside the rule's."""
    own = drawn[0]
    value, sure = own.value, own.interval(blocks, level)
    if len(drawn) == 1:
        return Measured(metric, rows, _known(value), sure, None, None)
    theirs = drawn[1]
    away = None if own.away is None or theirs.away is None else own.away + theirs.away
    apart = Drawn(own.values - theirs.values, away, raised=False).interval(blocks, level)
    return Measured(metric, rows, _known(value), sure, _known(theirs.value), apart)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _drawn(chosen: Sequence[Metric], asked: Asked, truth: Numbers, answers: Numbers, blocks: Blocks) -> dict[str, Drawn]:
    """Return each metric of the rows as they are, and of each draw."""
    found = {metric.name: _of_sums(metric, asked, truth, answers, blocks) for metric in chosen if isinstance(metric, SumMetric)}
    ranked = [metric for metric in chosen if isinstance(metric, RankMetric)]
    return found | (
        _of_classes(ranked, asked, truth, answers, blocks) if answers.ndim == 2 else _of_ranks(ranked, asked, truth, answers, blocks)
    )


def _of_classes(ranked: Sequence[RankMetric], asked: Asked, truth: Numbers, answers: Numbers, blocks: Blocks) -> dict[str, Drawn]:
    """Return the mean over the classes that came true and that did not always, each against the rest."""
    there = [code for code in range(answers.shape[1]) if 0 < int((truth == code).sum()) < len(truth)]
    each = [_of_ranks(ranked, asked, (truth == code).astype(np.float64), answers[:, code], blocks) for code in there]
    alone = np.full(1 + RANK_DRAWS, np.nan)
    return {one.name: Drawn(np.nanmean([drawn[one.name].values for drawn in each], axis=0) if each else alone) for one in ranked}


def _of_sums(metric: SumMetric, asked: Asked, truth: Numbers, answers: Numbers, blocks: Blocks) -> Drawn:
    sums = blocks.sums(metric.columns(truth, answers, asked))
    drawn = np.vstack([sums.sum(axis=0, keepdims=True), blocks.draws() @ sums])
    return Drawn(metric.of(drawn, asked), metric.away(drawn, asked))


def _of_ranks(ranked: Sequence[RankMetric], asked: Asked, truth: Numbers, answers: Numbers, blocks: Blocks) -> dict[str, Drawn]:
    """Return the metrics of order: exact for the rows as they are; the draws move from there as they do with answers in 1,000 places."""
    if not ranked:
        return {}
    order = np.argsort(-answers, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(answers[order])), len(order) - 1)
    exact = Ranking((ends + 1.0)[None, :], np.cumsum(truth[order])[ends][None, :])
    rough = _rough(truth, _places(order, ends), blocks)
    found = {}
    for metric in ranked:
        drawn = metric.of(rough, asked)
        value = metric.of(exact, asked)
        found[metric.name] = Drawn(np.concatenate([value, drawn[1:] + (value - drawn[0])]))
    return found


def _places(order: Codes, ends: Codes) -> Codes:
    """Return the place of each row in the ranking, from 0, shape (n,): equal answers share one; at most 1,000, of like many rows."""
    distinct = np.zeros(len(order), dtype=np.int64)
    distinct[ends[:-1] + 1] = 1
    ranks = np.cumsum(distinct)
    if len(ends) > PLACES:
        ranks = (ends[ranks] * PLACES) // len(order)
    places: Codes = np.empty(len(order), dtype=np.int64)
    places[order] = ranks
    return places


def _rough(truth: Numbers, places: Codes, blocks: Blocks) -> Ranking:
    """Return the ranking of the rows as they are, and of each draw, shape (1 + draws, places)."""
    most = int(places.max()) + 1
    cell = blocks.of * most + places
    counts, came = (
        np.bincount(cell, weights=weights, minlength=blocks.count * most).reshape(blocks.count, most) for weights in (None, truth)
    )
    drawn = np.vstack([np.ones(blocks.count), blocks.draws(RANK_DRAWS)])
    return Ranking(np.cumsum(drawn @ counts, axis=1), np.cumsum(drawn @ came, axis=1))
