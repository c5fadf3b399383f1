"""Numbers over builds as a picture: a panel for each measurement, what was out of bounds marked in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shipworthy import checks
from shipworthy.bounds import Outcome
from shipworthy.checks.base import Check
from shipworthy.console import words
from shipworthy.console.pictures import PIXELS, Row, Width, colours, layer, time_axis
from shipworthy.families import members
from shipworthy.records import Measurement

HEIGHT = 74
DOWN = {"type": "point", "shape": "triangle-down", "filled": True, "size": 90, "opacity": 1}
UNITS = {name: check.unit for name, check in members(checks, Check).items()}  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class Panel:
    """One measurement over builds, oldest first, with what the guard of its name said of each moment."""

    title: str
    unit: str
    measured: tuple[Measurement, ...]
    outcomes: Mapping[datetime, Outcome]

    @property
    def red(self) -> list[datetime]:
        """The moments at which the guard failed."""
        return [one.at for one in self.measured if self.outcomes.get(one.at) == "fail"]


def panel(name: str, measured: Sequence[Measurement], outcomes: Mapping[datetime, Outcome], of: str = "") -> Panel:
    """Return the panel of the measurement `name`; `of` is the column, where the panels of several stand together."""
    title = name.replace("_", " ") + (f" of {of}" if of else "")
    return Panel(title, UNITS.get(name, ""), tuple(measured), outcomes)


def picture(panels: Sequence[Panel], subject: str, width: Width, bad: Sequence[datetime]) -> Row | None:
    """Return the specification of `panels` one below the other, over the same time; None where nothing was measured.

    `bad` are the builds at which something failed: they are marked in every panel.
    """
    shown = [one for one in panels if any(measured.value is not None for measured in one.measured)]
    if not shown:
        return None
    moments = sorted({measured.at for one in shown for measured in one.measured})
    reach = _reach(moments)
    parts = [_drawn(one, bad, reach, width, last=one is shown[-1]) for one in shown]
    return {
        "description": in_words(shown, subject),
        "spacing": 16,
        "padding": {"left": 2, "right": 10, "top": 4, "bottom": 2},
        "config": {"axis": {"labelFontSize": 12}, "title": {"fontSize": 12, "offset": 6}},
        "resolve": {"scale": {"x": "shared"}},
        "vconcat": parts,
    }


def in_words(panels: Sequence[Panel], subject: str) -> str:
    """Return what the picture shows, for those who do not see it."""
    told = [f"{subject}, build by build."]
    for one in panels:
        red = f", out of bounds on {', '.join(words.day(at) for at in one.red)}" if one.red else ""
        told.append(f"{one.title}: last {words.number(one.measured[-1].value)}{red}.")
    return " ".join(told)


def _reach(moments: Sequence[datetime]) -> tuple[datetime, datetime]:
    room = max((moments[-1] - moments[0]) / 40, timedelta(hours=6))
    return moments[0] - room, moments[-1] + room


def _drawn(one: Panel, bad: Sequence[datetime], reach: tuple[datetime, datetime], width: Width, *, last: bool) -> Row:
    axis = time_axis(*reach, PIXELS[width])
    axis["axis"] |= {} if last else {"labels": False, "ticks": False}
    return {
        "width": PIXELS[width],
        "height": HEIGHT,
        "title": {"text": one.title, **({"subtitle": one.unit} if one.unit else {})},
        "encoding": {"x": axis, "y": _figures(one), "color": colours()},
        "layer": _layers(one, bad),
    }  # fmt: skip


def _figures(one: Panel) -> Row:
    known = [measured.value for measured in one.measured if measured.value is not None]
    low, high = min(known), max(known)
    room = 0.15 * (high - low or abs(high) or 1.0)
    floor = low - room if low < 0 else max(0.0, low - room)
    return {
        "field": "value", "type": "quantitative", "title": None,
        "scale": {"zero": False, "nice": False, "domain": [floor, high + room]},
        "axis": {"tickCount": 3, "domain": False, "ticks": False, "format": "~s" if high >= 10_000 else "~g"},
    }  # fmt: skip


def _layers(one: Panel, bad: Sequence[datetime]) -> list[Row]:
    rows = [{"at": measured.at.isoformat(), "value": measured.value} for measured in one.measured]
    red = {at.isoformat() for at in one.red}
    alarm: Row = {"color": {"datum": "alarm"}}
    bands = [{"at": at.isoformat()} for at in bad]
    whole = {"y": {"value": 0}, "y2": {"value": HEIGHT}}
    drawn = [
        layer(bands, {"type": "rule", "strokeWidth": 7, "opacity": 0.16}, whole | alarm),
        layer(rows, {"type": "line", "strokeWidth": 1.5}, {}),
        layer(rows, {"type": "point", "filled": True, "size": 22, "opacity": 1}, {}),
        layer([row for row in rows if row["at"] in red], DOWN, alarm),
        layer(
            [row for row in rows if row["value"] is None], {"type": "text", "text": "?", "fontSize": 13, "fontWeight": 600},
            {"y": {"value": HEIGHT - 8}, "color": {"datum": "rule"}},
        ),
    ]  # fmt: skip
    return [one for one in drawn if one["data"]["values"]]
