"""The page of all data: what is landed and published, how fresh, how well, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.bounds import Outcome
from shipworthy.console.catalog import Relation, kept
from shipworthy.console.history import Said, line_of, standing_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline
from shipworthy.records import Measurement


@dataclass(frozen=True, slots=True)
class RelationLine:
    """One relation at a glance; where no check looked, the build's own word counts, and without one it is unknown."""

    relation: Relation
    outcome: Outcome
    red: int
    checks: int
    rows: Sparkline | None


@dataclass(frozen=True, slots=True)
class DataPage(Found):
    """/data: every landed and published relation."""

    template: ClassVar[str] = "data.html"
    route: ClassVar[Place] = ("data",)
    entry: ClassVar[Entry | None] = Entry("Data", "Relations", 30)

    sources: list[RelationLine]
    published: list[RelationLine]

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of all relations."""
        said, counts = rooms.said, rooms.measured["row_count"]
        found = [kept(rooms.project, told) for told in rooms.relations]
        lines = [_line(relation, said, counts.get(relation.subject, [])) for relation in found]
        return cls(
            rooms.name,
            rooms.now,
            [line for line in lines if line.relation.role == "source"],
            [line for line in lines if line.relation.role == "published"],
        )


def _line(relation: Relation, said: Said, counts: Sequence[Measurement]) -> RelationLine:
    outcome, red, checks = standing_of(relation, said)
    return RelationLine(relation, outcome, red, checks, line_of(counts, "Rows"))
