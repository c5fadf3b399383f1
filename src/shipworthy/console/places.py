"""The pages by their places: which kinds there are, what is found where, and all of them together."""

from collections.abc import Iterator
from functools import lru_cache

from shipworthy.console import pages
from shipworthy.console.links import Place
from shipworthy.console.page import Page
from shipworthy.console.pages.base import Found
from shipworthy.console.pictures import VARIANTS, Width, file_name, variant
from shipworthy.console.rooms import Rooms
from shipworthy.errors import UnknownName
from shipworthy.families import kinds
from shipworthy.gateways.charts import Theme, svg

Kind = type[Found]


@lru_cache(maxsize=1)
def page_kinds() -> dict[str, Kind]:
    """Return every kind of page by its file's name, those with the fewest names in their routes first."""
    found = kinds(pages, Found)
    return dict(sorted(found.items(), key=lambda pair: sum(map(_is_name, pair[1].route))))


def meant(place: Place) -> tuple[Kind, Place] | None:
    """Return the kind of page at `place` and the names in it, None if no route leads there.

    >>> kind, names = meant(("models", "churn"))
    >>> kind.__name__, names
    ('ModelPage', ('churn',))
    >>> meant(("nowhere",)) is None
    True
    """
    for kind in page_kinds().values():
        pairs = list(zip(kind.route, place, strict=False))
        if len(kind.route) == len(place) and all(_is_name(part) or part == name for part, name in pairs):
            return kind, tuple(name for part, name in pairs if _is_name(part))
    return None


def place_of(kind: Kind, names: Place) -> Place:
    """Return the place of the page of `kind` that `names` name.

    >>> place_of(page_kinds()["model"], ("churn",))
    ('models', 'churn')
    """
    given = iter(names)
    return tuple(next(given) if _is_name(part) else part for part in kind.route)


def _is_name(part: str) -> bool:
    return part.startswith("{")


def every_page(rooms: Rooms) -> Iterator[Page]:
    """Yield every page of a project."""
    for kind in page_kinds().values():
        yield from (kind.of(rooms, names, {}) for names in kind.all_names(rooms))


def every_picture(rooms: Rooms) -> Iterator[tuple[Place, str]]:
    """Yield every picture of a project after its place."""
    for kind in page_kinds().values():
        for names in kind.all_names(rooms) if kind.pictures else ():
            there = [name for name in kind.pictured(rooms, names) if kind.drawing(rooms, names, name, "wide") is not None]
            for name, (width, theme) in ((name, how) for name in there for how in VARIANTS):
                yield (*place_of(kind, names), file_name(name, width, theme)), drawn(rooms, kind, names, name, width, theme)


def picture_at(place: Place) -> tuple[Kind, Place, str, Width, Theme] | None:
    """Return what `drawn` needs for the picture at `place`, None if there is a page or nothing: a relation may be called like a picture.

    >>> picture_at(("data", "plan-wide-light.svg")) is None
    True
    """
    asked = variant(place)
    found = meant(asked[0]) if asked else None
    return (*found, *asked[1:]) if asked and found and asked[1].rstrip("0123456789") in found[0].pictures else None


def drawn(rooms: Rooms, kind: Kind, names: Place, picture: str, width: Width, theme: Theme) -> str:
    """Return a picture of the page of `kind` that `names` name, as an SVG.

    Raises:
        UnknownName: there is no such page, or nothing to draw.
    """
    spec = kind.drawing(rooms, names, picture, width)
    if spec is None:
        raise UnknownName.of(picture, "/".join(names), known=(), where="/" + "/".join(place_of(kind, names)))
    return svg(spec, theme=theme)
