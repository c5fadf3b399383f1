"""The page of one source's quarantine: reasons with examples and text, over time, and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.pictures import Width
from shipworthy.console.quarantine import Fixed, Held, Reason, fixed, held, picture, reasons
from shipworthy.console.rooms import Rooms


@dataclass(frozen=True, slots=True)
class SourceQuarantinePage(Found):
    """/quarantine/{source}: the records of one source that broke its contract: why, which, what to do."""

    template: ClassVar[str] = "source_quarantine.html"
    route: ClassVar[Place] = ("quarantine", "{source}")
    pictures: ClassVar[tuple[str, ...]] = ("quarantined",)

    held: Held
    drawn: str | None  # the picture in words, None where nothing ever was in quarantine
    reasons: list[Reason]  # of the open records, the most frequent first
    fixed: list[Fixed]  # what people did, the newest first
    contract: str  # the file

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("quarantine", self.held.source)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a source's quarantine."""
        (name,) = names
        found = held(rooms.project, name, rooms.sources)
        spec = picture(found, "wide")
        words = str(spec["description"]) if spec else None
        return cls(rooms.name, rooms.now, found, words, reasons(found), fixed(found), f"sources/{name}.yml")

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every source that has a contract."""
        return [(name,) for name in rooms.sources]

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture_name: str, width: Width) -> Mapping[str, Any] | None:
        """Return the records by day and reason."""
        (name,) = names
        return picture(held(rooms.project, name, rooms.sources), width)
