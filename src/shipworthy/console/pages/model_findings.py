"""The page of what the checks found in the training set of one model: rows, cost, origin, fix."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from shipworthy.console.findings import Finding, found_in
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms


@dataclass(frozen=True, slots=True)
class ModelFindingsPage(Found):
    """/findings/{model}: what the checks found in the training set of a model."""

    template: ClassVar[str] = "model_findings.html"
    route: ClassVar[Place] = ("findings", "{model}")

    model: str
    at: datetime | None  # as of when it was looked at, None where nobody did
    refused: list[Finding]  # failed and unknown
    noted: list[Finding]  # reported, not refused
    passed: list[Finding]

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("findings", self.model)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of the findings of a model."""
        (name,) = names
        rooms.spec(name)
        found = found_in(rooms.book, name, rooms.lineage)
        refused = [one for one in found if one.state in ("fail", "unknown")]
        noted, passed = [one for one in found if one.state == "noted"], [one for one in found if one.state == "pass"]
        return cls(rooms.name, rooms.now, name, found[0].at if found else None, refused, noted, passed)

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every model."""
        return [(name,) for name in rooms.known.models]
