"""Pictures of pages: each in three widths and two themes, found beside its page."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from shipworthy.console.links import Place
from shipworthy.gateways.charts import Theme

Width = Literal["narrow", "middle", "wide"]
PIXELS: dict[Width, int] = {"narrow": 300, "middle": 600, "wide": 1000}
VARIANTS: list[tuple[Width, Theme]] = [(width, theme) for width in PIXELS for theme in get_args(Theme)]
Row = dict[str, Any]
SERIES = ["model", "rule", "backtest", "other", "alarm"]  # in the order of the house's palette

_FILE = re.compile(rf"(\w+)-({'|'.join(PIXELS)})-({'|'.join(get_args(Theme))})\.svg")


def file_name(picture: str, width: str, theme: str) -> str:
    """Return the name of one variant of `picture`, beside its page.

    >>> file_name("ledger", "wide", "dark")
    'ledger-wide-dark.svg'
    """
    return f"{picture}-{width}-{theme}.svg"


def variant(place: Place) -> tuple[Place, str, Width, Theme] | None:
    """Return the page's place, the picture, its width and theme, of what is found at `place`; None if that is no picture.

    >>> variant(("models", "churn", "ledger-wide-dark.svg"))
    (('models', 'churn'), 'ledger', 'wide', 'dark')
    >>> variant(("models", "churn")) is None
    True
    """
    named = _FILE.fullmatch(place[-1]) if place else None
    return (tuple(place[:-1]), named[1], named[2], named[3]) if named else None  # type: ignore[return-value]


def time_axis(start: datetime, end: datetime, pixels: int) -> Row:
    """Return the encoding of the field `at` from `start` to `end`: days for a quarter, each named once, months beyond it."""
    long, few = end - start > timedelta(days=92), max(3, pixels // 110)
    days = (end - start).days + 1
    axis = {
        "format": "%b %Y" if end - start > timedelta(days=300) else "%b" if long else "%-d %b",
        "tickCount": few if days > 2 * few else {"interval": "day", "step": 1 + days // (few + 1)},
        "grid": False,
    }
    return {
        "field": "at", "type": "temporal", "title": None, "axis": axis | {"labelOverlap": True},
        "scale": {"type": "utc", "domain": [start.isoformat(), end.isoformat()]},
    }  # fmt: skip


def colours() -> Row:
    """Return the encoding that gives a layer the colour of its own place in the palette, the first where it says nothing."""
    return {"type": "nominal", "scale": {"domain": SERIES}, "legend": None, "datum": "model"}


def layer(rows: Sequence[Mapping[str, Any]], mark: Row, encoding: Row) -> Row:
    """Return one layer of a specification."""
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}
