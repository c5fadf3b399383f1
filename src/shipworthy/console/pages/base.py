"""What every page of the family says of itself: where it is found, how it is made, which of its kind there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.page import Page
from shipworthy.console.pictures import Width
from shipworthy.console.rooms import Rooms

Asked = Mapping[str, str]
"""What stands after the `?` of an address; nothing among exported files."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How the navigation names a page: the section that it belongs to, its word there, and its rank among all entries.

    A section stands where its first entry does.
    """

    section: str
    word: str
    rank: int


@dataclass(frozen=True, slots=True)
class Found(Page):
    """A page that is found by its place. A member says in its docstring's first line: address, colon, what it shows.

    `route` is the place of every page of the kind, with `{name}` for what differs: `("models", "{name}")`. The navigation
    shows a kind with an `entry`; its route has no names.
    """

    route: ClassVar[Place]
    entry: ClassVar[Entry | None] = None
    section: ClassVar[str] = ""  # that a page without an entry belongs to
    pictures: ClassVar[tuple[str, ...]] = ()  # names of what `drawing` draws, or how they begin where each page has its own
    refresh_seconds: ClassVar[int | None] = None  # after which a browser asks again

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of `names`, one for each `{name}` of the route.

        Raises:
            UnknownName: there is no such page.
        """
        raise NotImplementedError

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return the names of every page of this kind: what is exported."""
        return [()]

    @classmethod
    def pictured(cls, rooms: Rooms, names: Place) -> Sequence[str]:
        """Return the names of the pictures of one page: those of its kind, unless each page has its own.

        Raises:
            UnknownName: there is no such page.
        """
        return cls.pictures

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture: str, width: Width) -> Mapping[str, Any] | None:
        """Return the Vega-Lite specification of one of the page's pictures, None where there is nothing to draw.

        Raises:
            UnknownName: there is no such page.
        """
        return None
