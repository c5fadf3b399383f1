"""The page of which versions of models learnt from which version of a relation or source."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms
from shipworthy.flows.provenance import Origin


@dataclass(frozen=True, slots=True)
class TrainedOnPage(Found):
    """/data/{relation}/trained: each version of a relation or source that models learnt from, and which models these are."""

    template: ClassVar[str] = "trained_on.html"
    route: ClassVar[Place] = ("data", "{relation}", "trained")

    relation: str
    source: bool
    versions: list[tuple[int, list[Origin]]]  # newest first

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("data", self.relation, "trained")

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a relation."""
        (name,) = names
        source = rooms.relation(name).role == "source"
        by_version: dict[int, list[Origin]] = {}
        for one in rooms.origins:
            read = one.sources if source else one.relations
            if name in read:
                by_version.setdefault(read[name], []).append(one)
        return cls(rooms.name, rooms.now, name, source, sorted(by_version.items(), reverse=True))

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every relation."""
        return [(name,) for name in rooms.named]
