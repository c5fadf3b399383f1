"""The page of one relation's quality over time: what was measured build by build, and what failed when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.bounds import Outcome, worst
from shipworthy.console.catalog import Relation
from shipworthy.console.episodes import Episode, episodes
from shipworthy.console.history import line_of, standing_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.pictures import Width
from shipworthy.console.quality import Past
from shipworthy.console.quarantine import place_of_quarantine
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline
from shipworthy.console.strip import Strip, strip


@dataclass(frozen=True, slots=True)
class ColumnPast:
    """One column over the builds."""

    name: str
    outcome: Outcome | None  # of the last look, None where nobody looked
    builds: Strip | None
    null_share: float | None
    nulls: Sparkline | None
    distinct: float | None
    values: Sparkline | None


@dataclass(frozen=True, slots=True)
class RelationQualityPage(Found):
    """/quality/{relation}: one relation over the builds: what was measured, what failed when."""

    template: ClassVar[str] = "relation_quality.html"
    route: ClassVar[Place] = ("quality", "{relation}")
    pictures: ClassVar[tuple[str, ...]] = ("measured",)

    relation: Relation
    outcome: Outcome
    builds: Strip | None
    drawn: str | None  # the picture in words, None where nothing was measured
    failed: list[Episode]  # what holds first
    columns: list[ColumnPast]  # worst first
    quarantine: Place | None

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("quality", self.relation.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a relation."""
        (name,) = names
        relation = rooms.relation(name)
        seen, subject = rooms.past(relation), relation.subject
        outcome, *_ = standing_of(relation, rooms.said)
        spec, builds = seen.drawn(subject, "wide"), strip(seen.moments, seen.outcomes(subject))
        drawn = str(spec["description"]) if spec else None
        quarantine = place_of_quarantine(rooms.sources, relation)
        return cls(rooms.name, rooms.now, relation, outcome, builds, drawn, episodes(seen.said), _columns(relation, seen), quarantine)

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every relation."""
        return [(name,) for name in rooms.named]

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture: str, width: Width) -> Mapping[str, Any] | None:
        """Return what was measured of a relation."""
        (name,) = names
        relation = rooms.relation(name)
        return rooms.past(relation).drawn(relation.subject, width)


def _columns(relation: Relation, seen: Past) -> list[ColumnPast]:
    told = {column.name for column in relation.columns}
    subjects = {*seen.measured, *(verdict.subject for _, verdict in seen.said)} - {relation.subject}
    named_so = sorted(subject.removeprefix(f"{relation.subject}.") for subject in subjects)
    found = [_column(relation.subject, name, seen) for name in [*(name for name in named_so if name in told), *(set(named_so) - told)]]
    return sorted(found, key=lambda one: (one.outcome != "fail", one.outcome != "unknown", one.name))


def _column(relation: str, name: str, seen: Past) -> ColumnPast:
    subject = f"{relation}.{name}"
    outcomes = seen.outcomes(subject)
    last = [verdict.outcome for at, verdict in seen.said if verdict.subject == subject and at == max(outcomes)]
    nulls, values = seen.values(subject, "null_share"), seen.values(subject, "distinct_count")
    return ColumnPast(
        name, worst(last) if last else None, strip(seen.moments, outcomes), nulls[-1].value if nulls else None,
        line_of(nulls, "Null share"), values[-1].value if values else None, line_of(values, "Distinct values"),
    )  # fmt: skip
