"""One line of the ledger from rows: the metric of a version in a window, beside the rule on the same rows."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadData
from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import known_mean, losses
from shipworthy.records import Promise, Stage, Window
from shipworthy.spec.part import Metric

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]


def promise(
    model: str,
    version: int,
    stage: Stage,
    metric: Metric,
    times: Times,
    truth: Numbers,
    answers: Numbers,
    rule: Numbers | None,
    window: Window,
    now: datetime,
    *,
    together: npt.NDArray[np.int64] | None = None,
    quantile: float | None = None,
    level: float = 0.95,
) -> Promise:
    """Return what `answers` were worth on the rows decided in `window`; rows outside it are not counted.

    What is not known is None: the value without rows or with a NaN among truth or answers, an interval with fewer than
    five days, the rule and the difference without a rule or with a NaN in it. `difference` is the interval of
    model minus rule, paired row by row: below 0 the model is better.

    Args:
        model: the model's name.
        version: its version.
        stage: where the answers come from.
        metric: which loss; lower is better.
        times: decision times, shape (n,), datetime64 in UTC, in any order.
        truth: what came true, shape (n,).
        answers: what the version said, shape (n,).
        rule: what the rule said, shape (n,); None where there is no rule.
        window: the decisions that count.
        now: when this is measured; aware.
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        quantile: of the metric pinball.
        level: the share of such intervals that hold the truth.

    Raises:
        BadData: the shapes differ, or a probability lies outside 0 to 1.
    """
    _refuse_uneven(times, truth, answers, rule)
    inside = _inside(times, window)
    groups = together[inside] if together is not None else None
    when, own = times[inside], losses(metric, truth[inside], answers[inside], quantile=quantile)
    other = losses(metric, truth[inside], rule[inside], quantile=quantile) if rule is not None else np.full(len(own), np.nan)
    return Promise(
        model=model,
        version=version,
        stage=stage,
        metric=metric,
        window=window,
        rows=len(own),
        value=known_mean(own),
        interval=mean_interval(own, when, together=groups, level=level),
        rule=known_mean(other),
        difference=mean_interval(own - other, when, together=groups, level=level),
        measured_at=now,
    )


def by_period(
    model: str,
    version: int,
    stage: Stage,
    metric: Metric,
    times: Times,
    truth: Numbers,
    answers: Numbers,
    rule: Numbers | None,
    window: Window,
    now: datetime,
    *,
    every: Literal["week", "month"] = "month",
    quantile: float | None = None,
) -> list[Promise]:
    """Return a promise for each calendar month (or week, from Monday) of `window`, in order; arguments as for `promise`.

    The first and the last are cut off at the ends of `window`. A period without rows has its line: its value is None.
    """
    return [
        promise(model, version, stage, metric, times, truth, answers, rule, part, now, quantile=quantile) for part in periods(window, every)
    ]


def periods(window: Window, every: Literal["week", "month"]) -> list[Window]:
    """Return the calendar months or weeks (UTC, from Monday) that `window` touches, cut off at its ends.

    >>> months = periods(Window(datetime(2013, 5, 20, tzinfo=UTC), datetime(2013, 7, 2, tzinfo=UTC)), "month")
    >>> [(part.start.strftime("%m-%d"), part.end.strftime("%m-%d")) for part in months]
    [('05-20', '06-01'), ('06-01', '07-01'), ('07-01', '07-02')]
    """
    parts = []
    start = window.start.astimezone(UTC)
    while start < window.end:
        end = min(_next(start, every), window.end)
        parts.append(Window(start, end))
        start = end
    return parts


def _next(moment: datetime, every: Literal["week", "month"]) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if every == "week":
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _inside(times: Times, window: Window) -> npt.NDArray[np.bool_]:
    start, end = (np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us") for moment in (window.start, window.end))
    inside: npt.NDArray[np.bool_] = (times >= start) & (times < end)
    return inside


def _refuse_uneven(times: Times, truth: Numbers, answers: Numbers, rule: Numbers | None) -> None:
    sizes = {"times": len(times), "outcomes": len(truth), "answers": len(answers)}
    if rule is not None:
        sizes["answers of the rule"] = len(rule)
    if len(set(sizes.values())) > 1:
        found = ", ".join(f"{count} {name}" for name, count in sizes.items())
        raise BadData(where="promise", what=f"not of the same rows: {found}", fix="measure all on the same rows")
