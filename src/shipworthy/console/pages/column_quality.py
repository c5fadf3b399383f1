"""The page of one column's quality over time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.console.catalog import Column, Relation, kept, named, relations
from shipworthy.console.episodes import Episode, episodes
from shipworthy.console.history import column_of, relation_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.pictures import Width
from shipworthy.console.quality import Past, past
from shipworthy.console.rooms import Rooms
from shipworthy.console.strip import Strip, strip
from shipworthy.errors import UnknownName
from shipworthy.logbook import judged
from shipworthy.records import Verdict


@dataclass(frozen=True, slots=True)
class ColumnQualityPage(Found):
    """/quality/{relation}/{column}: one column over the builds: what was measured, what failed when."""

    template: ClassVar[str] = "column_quality.html"
    route: ClassVar[Place] = ("quality", "{relation}", "{column}")
    pictures: ClassVar[tuple[str, ...]] = ("measured",)

    relation: Relation
    column: Column  # of a column that is gone, its name alone
    builds: Strip | None
    drawn: str | None
    failed: list[Episode]
    passed: list[Verdict]  # at the last look

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("quality", self.relation.name, self.column.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a column."""
        relation, name = kept(rooms.project, named(rooms.project, names[0])), names[1]
        subject, seen = f"{relation.subject}.{name}", _seen(rooms, relation, name)
        column = next((one for one in relation.columns if one.name == name), Column(name, None, None, ""))
        said = [(at, verdict) for at, verdict in seen.said if verdict.subject == subject]
        last = max((at for at, _ in said), default=None)
        spec, builds = seen.drawn(subject, "wide"), strip(seen.moments, seen.outcomes(subject))
        return cls(
            rooms.name, rooms.now, relation, column, builds, str(spec["description"]) if spec else None, episodes(said),
            [verdict for at, verdict in said if at == last and verdict.outcome == "pass"],
        )  # fmt: skip

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every column that was ever measured or judged."""
        shown = {relation.name: relation.subject for relation in relations(rooms.project)}
        names = {subject: name for name, subject in shown.items()}
        told = [(relation_of(one), column_of(one)) for one in judged.subjects(rooms.book)]
        return [(names[subject], column) for subject, column in told if subject in names and column is not None]

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture: str, width: Width) -> Mapping[str, Any] | None:
        """Return what was measured of a column."""
        relation, name = named(rooms.project, names[0]), names[1]
        return _seen(rooms, relation, name).drawn(f"{relation.subject}.{name}", width)


def _seen(rooms: Rooms, relation: Relation, name: str) -> Past:
    """Return the past of a column's relation.

    Raises:
        UnknownName: nobody ever looked at such a column.
    """
    seen = past(rooms.book, relation.subject)
    columns = {column_of(subject) for subject in (*seen.measured, *(verdict.subject for _, verdict in seen.said))}
    if name not in columns:
        known = [column for column in columns if column is not None]
        raise UnknownName.of("measured column", name, known=known, where=f"/quality/{relation.name}")
    return seen
