"""The page of the quality of all data: what is red now, and how each relation did at the last builds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.bounds import WORST_FIRST, Outcome
from shipworthy.console.catalog import Relation
from shipworthy.console.history import Red, Said, line_of, red_of, standing_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.quality import outcomes_of
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline
from shipworthy.console.strip import Strip, strip

MOST = 20  # red verdicts on the page; the relations' own pages have all


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One relation: how it stands, and how it did build by build; `bad` counts the builds at which something failed."""

    relation: Relation
    outcome: Outcome
    red: int
    checks: int
    builds: Strip | None
    bad: int
    rows: Sparkline | None


@dataclass(frozen=True, slots=True)
class QualityPage(Found):
    """/quality: the data's quality over time, red first."""

    template: ClassVar[str] = "quality.html"
    route: ClassVar[Place] = ("quality",)
    entry: ClassVar[Entry | None] = Entry("Data", "Quality", 31)

    lines: list[QualityLine]  # worst first
    red: list[Red]  # what is not a pass now, worst first, at most so many
    more: int  # red ones that are not shown
    builds: int  # how many the strips show at most

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of the quality of all data."""
        found, said = rooms.relations, rooms.said
        lines = _lines(rooms, found, said)
        red = red_of(said, found)
        builds = max((len(line.builds.cells) for line in lines if line.builds), default=0)
        return cls(rooms.name, rooms.now, lines, red[:MOST], len(red[MOST:]), builds)


def _lines(rooms: Rooms, found: Sequence[Relation], said: Said) -> list[QualityLine]:
    moments, outcomes = outcomes_of(rooms.book, found)
    counts = rooms.measured["row_count"]
    lines = []
    for relation in found:
        own = outcomes.get(relation.subject, {})
        outcome, red, checks = standing_of(relation, said)
        bad = sum(one == "fail" for one in own.values())
        rows = line_of(counts.get(relation.subject, []), "Rows")
        lines.append(QualityLine(relation, outcome, red, checks, strip(moments, own), bad, rows))
    return sorted(lines, key=lambda line: (WORST_FIRST.index(line.outcome), -line.bad, line.relation.name))
