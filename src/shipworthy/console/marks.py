"""The layers of the ledger's picture: promises as bands, what came true as points, the rule as a line, alarms below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shipworthy.console import words
from shipworthy.console.pictures import Row, layer
from shipworthy.records import Alert, Promise

LANE, LETTER, APART = 15, 6.4, 12  # pixels: a row of labels, a letter, between two labels


@dataclass(frozen=True, slots=True)
class Stretch:
    """A promise over the time in which its version answered."""

    promise: Promise
    start: datetime
    end: datetime


def promises(promised: Sequence[Stretch], *, alone: bool) -> list[Row]:
    """Return the promises as bands; `alone`, each with the rule on the same rows: nothing realized shows it."""
    rows = [
        _told(stretch.promise) | {"at": stretch.start.isoformat(), "end": stretch.end.isoformat(), "rule": stretch.promise.rule}
        for stretch in promised
    ]
    across: Row = {"x2": {"field": "end"}}
    beside = across | {"y": {"field": "rule", "type": "quantitative"}, "color": {"datum": "rule"}}
    return [
        *([layer(rows, {"type": "rule", "strokeWidth": 1.5}, beside)] if alone else []),
        layer(rows, {"type": "rect", "opacity": 0.16, "stroke": None}, across | _reach()),
        layer(rows, {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5}, across),
    ]


def rule(realized: Sequence[Promise]) -> list[Row]:
    """Return the rule on the rows of each window, all versions together."""
    windows: dict[tuple[datetime, datetime], list[Promise]] = {}
    for line in realized:
        windows.setdefault((line.window.start, line.window.end), []).append(line)
    rows = [{"at": _middle(lines[0]), "value": _weighted(lines)} for lines in windows.values()]
    colour = {"color": {"datum": "rule"}}
    square = {"type": "point", "shape": "square", "filled": True, "size": 22}
    return [layer(rows, {"type": "line", "strokeWidth": 1.5}, colour), layer(rows, square, colour)]


def _weighted(lines: Sequence[Promise]) -> float | None:
    known = [(line.rule, line.rows) for line in lines if line.rule is not None and line.rows]
    rows = sum(count for _, count in known)
    return sum(value * count for value, count in known) / rows if rows else None


def backtests(lines: Sequence[Promise]) -> list[Row]:
    """Return what a backtest gave."""
    rows = [_told(line) | {"at": _middle(line)} for line in lines]
    return [layer(rows, {"type": "point", "shape": "diamond", "filled": False, "size": 50}, {"color": {"datum": "backtest"}})]


def realized(lines: Sequence[Promise]) -> list[Row]:
    """Return what came true, with its intervals; a line joins the windows of one version."""
    rows = [_told(line) | {"at": _middle(line)} for line in lines]
    each = {"detail": {"field": "version"}}
    return [
        layer(rows, {"type": "rule", "strokeWidth": 1.5}, _reach()),
        layer(rows, {"type": "line", "strokeWidth": 1.5}, each),
        layer(rows, {"type": "point", "filled": True, "size": 48, "opacity": 1}, each),
    ]


def unknown(lines: Sequence[Promise], height: int) -> list[Row]:
    """Return a question mark for each window that nobody could measure."""
    rows = [{"at": _middle(line)} for line in lines if line.value is None]
    mark = {"type": "text", "text": "?", "fontSize": 13, "fontWeight": 600}
    return [layer(rows, mark, {"y": {"value": height - 22}, "color": {"datum": "rule"}})]


def promotions(labels: Sequence[Row], height: int) -> list[Row]:
    """Return a line where each promise begins, and its label above, in its lane."""
    whole = {"y": {"value": 0}, "y2": {"value": height}, "color": {"datum": "rule"}}
    layers = [layer(labels, {"type": "rule", "strokeWidth": 1, "opacity": 0.7}, whole)]
    mark = {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 12, "fontWeight": 600}
    for lane in sorted({row["lane"] for row in labels}):
        here = [row for row in labels if row["lane"] == lane]
        layers.append(layer(here, mark, {"text": {"field": "label"}, "y": {"value": -10 - LANE * lane}}))
    return layers


def alarms(alerts: Sequence[Alert], end: datetime, height: int) -> list[Row]:
    """Return a mark where an alarm fired, and a bar until it recovered."""
    spans = [(alert.fired_at, min(alert.recovered_at or end, end)) for alert in alerts if alert.fired_at]
    fired = [{"at": start.isoformat(), "end": until.isoformat()} for start, until in spans]
    low = {"y": {"value": height - 5}, "color": {"datum": "alarm"}}
    bar, mark = {"type": "rule", "strokeWidth": 4, "opacity": 0.55}, {"type": "point", "shape": "triangle-up", "size": 110}
    return [layer(fired, bar, low | {"x2": {"field": "end"}}), layer(fired, mark | {"filled": True, "opacity": 1}, low)]


def labels(promised: Sequence[Stretch], word: str, start: datetime, end: datetime, pixels: int) -> list[Row]:
    """Return a label for each stretch: with its figure where that fits before the next one, else the version alone.

    Labels that would meet lie in lanes, one above the other.
    """
    stretches = sorted(promised, key=lambda stretch: stretch.start)
    places = [pixels * ((stretch.start - start) / ((end - start) or timedelta(1))) for stretch in stretches]
    taken: list[float] = []
    rows = []
    for stretch, left, following in zip(stretches, places, [*places[1:], pixels + APART], strict=True):
        short = f"v{stretch.promise.version}"
        long = f"{short} {word} {words.number(stretch.promise.value)}"
        label = long if left + LETTER * len(long) + APART <= following else short
        lane = next((lane for lane, until in enumerate(taken) if until <= left), len(taken))
        taken[lane : lane + 1] = [left + LETTER * len(label) + APART]
        rows.append({"at": stretch.start.isoformat(), "label": label, "lane": lane})
    return rows


def _reach() -> Row:
    return {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}


def _told(line: Promise) -> Row:
    ends = line.interval
    return {"version": line.version, "value": line.value, "low": ends.low if ends else None, "high": ends.high if ends else None}


def _middle(line: Promise) -> str:
    return (line.window.start + (line.window.end - line.window.start) / 2).isoformat()
