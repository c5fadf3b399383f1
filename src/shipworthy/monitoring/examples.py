"""Small windows that monitors show as sound or as wrong: each carries its own proof."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from shipworthy.monitoring.monitors.base import Comparison, Seen
from shipworthy.monitoring.profile import Kind, Profile
from shipworthy.monitoring.scan import anchors, profile
from shipworthy.records import Interval, Promise, Stage, Window

MODEL = "demand"
WEEK = timedelta(days=7)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
PREDICTION, CLASS = "prediction", "predicted class"
Values = Sequence[float | None] | Sequence[str | None]


def week(number: int) -> Window:
    """Return the week `number` after the first of March 2026."""
    return Window(MONDAY + number * WEEK, MONDAY + (number + 1) * WEEK)


def columns(reference: Mapping[str, Values], current: Mapping[str, Values]) -> Comparison:
    """Return a window with the features `current`, beside a training set with the features `reference`."""
    learnt, met = _profiles(reference, current)
    return Comparison(
        model=MODEL,
        current=Seen(window=week(8), rows=met.rows, inputs=met),
        reference=Seen(window=Window(MONDAY, week(7).end), rows=learnt.rows, inputs=learnt),
    )


def answers(reference: Sequence[float], current: Sequence[float]) -> Comparison:
    """Return a window with the predictions `current`, beside the predictions `reference` on the holdout."""
    return _answered({PREDICTION: reference}, {PREDICTION: current})


def classes(reference: Sequence[str], current: Sequence[str]) -> Comparison:
    """Return a window in which the classes `current` were answered, beside those that the training set is answered with."""
    return _answered({CLASS: reference}, {CLASS: current})


def _answered(reference: Mapping[str, Values], current: Mapping[str, Values]) -> Comparison:
    learnt, met = _profiles(reference, current)
    return Comparison(
        model=MODEL,
        current=Seen(window=week(8), rows=met.rows, outputs=met),
        reference=Seen(window=Window(MONDAY, week(7).end), rows=learnt.rows, outputs=learnt),
    )


def weeks(*rows: int) -> Comparison:
    """Return weeks of so many rows, the last of them the current one."""
    *past, current = (Seen(window=week(number), rows=count) for number, count in enumerate(rows))
    return Comparison(model=MODEL, current=current, past=tuple(past))


def matured(mature: int, outcomes: int) -> Comparison:
    """Return a window with `outcomes` for `mature` predictions, after a training set that missed 1 in 100."""
    return Comparison(
        model=MODEL,
        current=Seen(window=week(8), rows=mature, mature=mature, outcomes=outcomes),
        reference=Seen(window=Window(MONDAY, week(7).end), mature=100_000, outcomes=99_000),
    )


def realized(value: float, low: float, high: float, *, difference: Interval | None = None) -> Comparison:
    """Return a window that realized `value` (`low` to `high`) of a mae of 10 (9.5 to 10.5) that was promised."""
    now = _promise("realized", week(8), value, Interval(low, high), difference or Interval(-3.0, -1.0))
    offline = _promise("offline", Window(MONDAY, week(7).end), 10.0, Interval(9.5, 10.5), Interval(-3.0, -1.0))
    return Comparison(model=MODEL, current=Seen(window=week(8), rows=now.rows, realized=now), promise=offline)


def _promise(stage: Stage, window: Window, value: float, interval: Interval, difference: Interval) -> Promise:
    rule = value - (difference.low + difference.high) / 2
    return Promise(MODEL, 1, stage, "mae", window, 5000, value, interval, rule, difference, window.end)


def _profiles(reference: Mapping[str, Values], current: Mapping[str, Values]) -> tuple[Profile, Profile]:
    learnt, met = pa.table(dict(reference)), pa.table(dict(current))
    kinds = {field.name: _kind(field.type) for field in learnt.schema}
    fixed = anchors(learnt, kinds)
    return profile(learnt, kinds, fixed), profile(met, kinds, fixed)


def _kind(type_: pa.DataType) -> Kind:
    return "category" if pa.types.is_string(type_) else "number"
