"""Pictures of pages: each in three widths and two themes, found beside its page."""

import re
from typing import Any, Literal, get_args

from shipworthy.console.links import Place
from shipworthy.gateways.charts import Theme

Width = Literal["narrow", "middle", "wide"]
PIXELS: dict[Width, int] = {"narrow": 300, "middle": 600, "wide": 1000}
VARIANTS: list[tuple[Width, Theme]] = [(width, theme) for width in PIXELS for theme in get_args(Theme)]
Row = dict[str, Any]

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
