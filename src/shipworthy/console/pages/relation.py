"""The page of one relation: its columns, its checks, its history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.catalog import Column, Relation, kept
from shipworthy.console.history import Said, line_of, of_subject
from shipworthy.console.lineage import place_of_relation
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.quarantine import place_of_quarantine
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline
from shipworthy.records import Measurement


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column: what it means, how much of it is null, and what the checks say."""

    column: Column
    role: str  # entity, event time, known time, or nothing
    null_share: float | None
    nulls: Sparkline | None
    checks: Said  # worst first

    @property
    def passed(self) -> list[str]:
        """The checks that passed, by name."""
        return [verdict.name for _, verdict in self.checks if verdict.outcome == "pass"]


@dataclass(frozen=True, slots=True)
class RelationPage(Found):
    """/data/{relation}: its columns, its checks, its history."""

    template: ClassVar[str] = "relation.html"
    route: ClassVar[Place] = ("data", "{relation}")

    relation: Relation
    checks: Said  # of the relation as a whole, worst first
    columns: list[ColumnLine]
    rows: Sparkline | None
    used_by: list[str]  # models that read it
    lineage: Place | None
    quarantine: Place | None  # of a source that has a contract

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("data", self.relation.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a relation; of the published one where a source shares its name."""
        (name,) = names
        relation, said = kept(rooms.project, rooms.relation(name)), rooms.said
        nulls = rooms.measured["null_share"]
        columns = [_column(relation, column, said, nulls.get(f"{relation.subject}.{column.name}", [])) for column in relation.columns]
        rows = line_of(rooms.measured["row_count"].get(relation.subject, []), "Rows")
        users = [model for model, spec in rooms.known.models.items() if spec and name in spec.relations]
        lineage = place_of_relation(rooms.lineage, name, source=relation.role == "source")
        quarantine = place_of_quarantine(rooms.sources, relation)
        return cls(rooms.name, rooms.now, relation, of_subject(said, relation.subject), columns, rows, users, lineage, quarantine)

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every relation."""
        return [(name,) for name in rooms.named]


def _column(relation: Relation, column: Column, said: Said, nulls: Sequence[Measurement]) -> ColumnLine:
    checks = of_subject(said, f"{relation.subject}.{column.name}")
    null_share = nulls[-1].value if nulls else None
    return ColumnLine(column, _role(relation, column.name), null_share, line_of(nulls, "Null share"), checks)


def _role(relation: Relation, name: str) -> str:
    roles = {"key": name in relation.key, "event time": name == relation.event_time, "known time": name == relation.known_time}
    return ", ".join(role for role, holds in roles.items() if holds)
