"""`ledger`: for each version the same number from each stage, beside the rule on the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Engine

from shipworthy.logbook import read
from shipworthy.records import Interval, Promise, Stage

STAGES: tuple[Stage, ...] = ("offline", "backtest", "realized")


@dataclass(frozen=True, slots=True)
class Line:
    """One stage of a version over one period; `value` and `rule` are means over its rows, lower is better.

    A period of several windows has no interval of its own; `better` counts the windows whose difference to the rule
    lies wholly below 0, `worse` those wholly above.
    """

    model: str
    version: int
    stage: Stage
    metric: str
    period: str
    rows: int
    windows: int
    value: float | None
    interval: Interval | None
    rule: float | None
    better: int
    worse: int


def ledger(book: Engine, name: str | None = None) -> list[Line]:
    """Return the ledger of the model `name`, or of all, by version, stage, and month in which a window began."""
    lines = sorted(read.promises(book, name), key=_place)
    return [_line(list(group)) for _, group in groupby(lines, key=_place)]


def _place(line: Promise) -> tuple[str, int, int, str, str]:
    period = f"{line.window.start:%Y-%m}" if line.stage == "realized" else f"{line.window.start:%Y-%m-%d}"
    return line.model, line.version, STAGES.index(line.stage), line.metric, period


def _line(group: Sequence[Promise]) -> Line:
    first = group[0]
    alone = first.interval if len(group) == 1 else None
    better = sum(line.difference is not None and line.difference.high < 0 for line in group)
    worse = sum(line.difference is not None and line.difference.low > 0 for line in group)
    *_, period = _place(first)
    return Line(
        first.model, first.version, first.stage, first.metric, period, sum(line.rows for line in group), len(group),
        _mean(group, [line.value for line in group]), alone, _mean(group, [line.rule for line in group]), better, worse,
    )  # fmt: skip


def _mean(group: Sequence[Promise], values: Sequence[float | None]) -> float | None:
    """Return the mean over all rows, None where a window with rows has none."""
    known = [(line.rows, value) for line, value in zip(group, values, strict=True) if line.rows]
    if not known or any(value is None for _, value in known):
        return None
    return sum(rows * (value or 0.0) for rows, value in known) / sum(rows for rows, _ in known)
