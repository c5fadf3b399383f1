"""The ledger of promises as a picture: what each version promised, what came true, and the rule on the same rows.

A Vega-Lite specification for each width. Its colours are the places of a palette, so that it is
readable in both themes; its words are few, because the key stands beside it as text.
"""

from collections.abc import Sequence
from datetime import datetime

from shipworthy.console import marks, words
from shipworthy.console.marks import Stretch
from shipworthy.console.pictures import PIXELS, Row, Width, colours, time_axis
from shipworthy.console.standing import History
from shipworthy.records import Promise

HEIGHTS: dict[Width, int] = {"narrow": 260, "middle": 320, "wide": 380}
FLAT = 150  # high enough for promises alone


def stretches(known: History, now: datetime) -> list[Stretch]:
    """Return the promise of each version while it answered; over its own holdout where none ever did."""
    promised = {line.version: line for line in known.lines("offline")}
    if not answered(known):
        return [Stretch(line, line.window.start, line.window.end) for line in promised.values()]
    ends = [event.at for event in known.deployments[1:]] + [now]
    spans = zip(known.deployments, ends, strict=True)
    return [Stretch(promised[event.version], event.at, end) for event, end in spans if event.version in promised and event.at < end]


def answered(known: History) -> bool:
    """Return whether a version ever answered."""
    return any(event.version is not None for event in known.deployments)


def shows(known: History) -> list[str]:
    """Return what the picture of `known` holds: the entries of its key."""
    realized, repeated = known.lines("realized"), known.lines("backtest")
    held = {
        "promised": answered(known) and bool(known.lines("offline")),
        "offline": not answered(known) and bool(known.lines("offline")),
        "realized": any(line.value is not None for line in realized),
        "rule": any(line.rule is not None for line in realized) or not answered(known),
        "backtest": any(line.value is not None for line in repeated),
        "unknown": any(line.value is None for line in realized + repeated),
        "alarm": any(alert.fired_at for alert in known.alerts),
    }
    return [name for name, holds in held.items() if holds]


def ledger(known: History, now: datetime, *, width: Width, unit: str | None) -> Row | None:
    """Return the specification of the ledger at `width`, None where there is nothing to draw."""
    promised = stretches(known, now)
    measured = [line for line in known.ledger if line.stage != "offline"]
    if not promised and not measured:
        return None
    start, end = _reach(known, promised, measured, now)
    height = HEIGHTS[width] if measured or answered(known) else FLAT
    labels = marks.labels(promised, "promised" if answered(known) else "offline", start, end, PIXELS[width])
    return {
        "description": in_words(known, unit),
        "width": PIXELS[width],
        "height": height,
        "padding": {"left": 2, "right": 8, "top": 6 + marks.LANE * (1 + max((row["lane"] for row in labels), default=0)), "bottom": 2},
        "config": {"axis": {"labelFontSize": 12}},
        "encoding": {
            "x": time_axis(start, end, PIXELS[width]),
            "y": _figures(promised, measured),
            "color": colours(),
        },
        "layer": [
            *marks.promises(promised, alone=not answered(known)),
            *marks.promotions(labels, height),
            *marks.alarms(known.alerts, end, height),
            *marks.rule(known.lines("realized")),
            *marks.backtests(known.lines("backtest")),
            *marks.realized(known.lines("realized")),
            *marks.unknown(measured, height),
        ],
    }


def in_words(known: History, unit: str | None) -> str:
    """Return what the picture shows, for those who do not see it."""
    told = [f"Ledger of promises of {known.model}: {words.metric(known.metric)}, lower is better."]
    for line in known.lines("offline"):
        told.append(f"Version {line.version} promised {words.with_unit(line.value, unit)}{_last(known, line.version, unit)}.")
    return " ".join(told)


def _last(known: History, version: int, unit: str | None) -> str:
    realized = known.lines("realized", version)
    if not realized:
        return ""
    line = realized[-1]
    return f"; realized over {words.span(line.window)}: {words.with_unit(line.value, unit)}, the rule {words.with_unit(line.rule, unit)}"


def _reach(known: History, promised: Sequence[Stretch], measured: Sequence[Promise], now: datetime) -> tuple[datetime, datetime]:
    starts = [stretch.start for stretch in promised] + [line.window.start for line in measured]
    ends = [stretch.end for stretch in promised] + [line.window.end for line in measured]
    last = max([*ends, *(min(alert.recovered_at or now, now) for alert in known.alerts if alert.fired_at)])
    return min(starts), last


def _figures(promised: Sequence[Stretch], measured: Sequence[Promise]) -> Row:
    told = [stretch.promise for stretch in promised] + list(measured)
    ends = [end for line in told if line.interval for end in (line.interval.low, line.interval.high)]
    known = [value for line in told for value in (line.value, line.rule) if value is not None] + ends
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = 0.08 * (high - low or abs(high) or 1.0)
    return {
        "field": "value", "type": "quantitative", "title": None,
        "scale": {"zero": False, "nice": False, "domain": [max(0.0, low - 2 * room), high + room]},
        "axis": {"tickCount": 5, "domain": False, "ticks": False},
    }  # fmt: skip
