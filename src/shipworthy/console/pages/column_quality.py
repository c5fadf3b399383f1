"""The page of one column's quality over time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.catalog import Column, Relation, kept
from shipworthy.console.episodes import Episode, episodes
from shipworthy.console.history import column_of, relation_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.panels import Panel
from shipworthy.console.quality import Past
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline, sparkline
from shipworthy.console.strip import Strip, strip
from shipworthy.errors import UnknownName
from shipworthy.logbook import judged
from shipworthy.records import Verdict


@dataclass(frozen=True, slots=True)
class Number:
    """One number over the builds, out of bounds where it is marked: the last value, the least and the greatest, None where unknown."""

    title: str
    unit: str
    last: float | None
    low: float | None
    high: float | None
    line: Sparkline | None


@dataclass(frozen=True, slots=True)
class ColumnQualityPage(Found):
    """/quality/{relation}/{column}: one column over the builds: what was measured, what failed when."""

    template: ClassVar[str] = "column_quality.html"
    route: ClassVar[Place] = ("quality", "{relation}", "{column}")

    relation: Relation
    column: Column  # of a column that is gone, its name alone
    builds: Strip | None
    numbers: list[Number]
    failed: list[Episode]
    passed: list[Verdict]  # at the last look

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("quality", self.relation.name, self.column.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a column."""
        relation, name = kept(rooms.project, rooms.relation(names[0])), names[1]
        subject, seen = f"{relation.subject}.{name}", _seen(rooms, relation, name)
        column = next((one for one in relation.columns if one.name == name), Column(name, None, None, ""))
        said = [(at, verdict) for at, verdict in seen.said if verdict.subject == subject]
        last = max((at for at, _ in said), default=None)
        passed = [verdict for at, verdict in said if at == last and verdict.outcome == "pass"]
        builds = strip(seen.moments, seen.outcomes(subject))
        numbers = [_number(panel) for panel in seen.panels(subject)]
        return cls(rooms.name, rooms.now, relation, column, builds, numbers, episodes(said), passed)

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every column that was ever measured or judged."""
        names = {relation.subject: name for name, relation in rooms.named.items()}
        told = [(relation_of(one), column_of(one)) for one in judged.subjects(rooms.book)]
        return [(names[subject], column) for subject, column in told if subject in names and column is not None]


def _seen(rooms: Rooms, relation: Relation, name: str) -> Past:
    """Return the past of a column's relation.

    Raises:
        UnknownName: nobody ever looked at such a column.
    """
    seen = rooms.past(relation)
    columns = {column_of(subject) for subject in (*seen.measured, *(verdict.subject for _, verdict in seen.said))}
    if name not in columns:
        known = [column for column in columns if column is not None]
        raise UnknownName.of("measured column", name, known=known, where=f"/quality/{relation.name}")
    return seen


def _number(panel: Panel) -> Number:
    values = [measured.value for measured in panel.measured]
    known, red = [value for value in values if value is not None], set(panel.red)
    marked = {place for place, measured in enumerate(panel.measured) if measured.at in red}
    line = sparkline(values, words=f"{panel.title} over the last {len(values)} builds, {len(marked)} out of bounds", marked=marked)
    return Number(panel.title, panel.unit, values[-1], min(known, default=None), max(known, default=None), line)
