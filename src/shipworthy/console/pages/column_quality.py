"""The page of one column's quality over time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.console.catalog import Column, Relation, kept, named, relations
from shipworthy.console.episodes import Episode, episodes
from shipworthy.console.history import relation_of
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
        relation_name, name = names
        relation = kept(rooms.project, named(rooms.project, relation_name))
        seen, subject = _seen(rooms, names), f"{relation_name}.{name}"
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
        known = {relation.name for relation in relations(rooms.project)}
        return [tuple(one.split(".", 1)) for one in judged.subjects(rooms.book) if "." in one and relation_of(one) in known]

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture: str, width: Width) -> Mapping[str, Any] | None:
        """Return what was measured of a column."""
        return _seen(rooms, names).drawn(".".join(names), width)


def _seen(rooms: Rooms, names: Place) -> Past:
    """Return the past of a column's relation.

    Raises:
        UnknownName: there is no such relation, or nobody ever looked at such a column.
    """
    relation, name = names
    seen = past(rooms.book, named(rooms.project, relation).name)
    known = {*seen.measured, *(verdict.subject for _, verdict in seen.said)}
    if f"{relation}.{name}" not in known:
        columns = [one.removeprefix(f"{relation}.") for one in known if one != relation]
        raise UnknownName.of("measured column", name, known=columns, where=f"/quality/{relation}")
    return seen
