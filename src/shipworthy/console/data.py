"""The pages of the data: what is landed and published, how fresh, how well, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Engine

from shipworthy.bounds import WORST_FIRST, Outcome, worst
from shipworthy.console.catalog import Column, Relation
from shipworthy.console.links import Place
from shipworthy.console.page import Page
from shipworthy.console.sparkline import Sparkline, sparkline
from shipworthy.logbook import read
from shipworthy.logbook.latest import latest_verdicts
from shipworthy.records import Measurement, Verdict

LONGEST = 60  # builds in a history

Said = list[tuple[datetime, Verdict]]


@dataclass(frozen=True, slots=True)
class RelationLine:
    """One relation at a glance; where no check looked, the build's own word counts, and without one it is unknown."""

    relation: Relation
    outcome: Outcome
    red: int
    checks: int
    rows: Sparkline | None


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
class DataPage(Page):
    """/data: every landed and published relation."""

    template: ClassVar[str] = "data.html"

    sources: list[RelationLine]
    published: list[RelationLine]

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("data",)


@dataclass(frozen=True, slots=True)
class RelationPage(Page):
    """/data/{relation}: its columns, its checks, its history."""

    template: ClassVar[str] = "relation.html"

    relation: Relation
    checks: Said  # of the relation as a whole, worst first
    columns: list[ColumnLine]
    rows: Sparkline | None
    used_by: list[str]  # models that read it

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("data", self.relation.name)


def data_page(project: str, book: Engine, relations: Sequence[Relation], now: datetime) -> DataPage:
    """Return the page of all data as of `now`."""
    said, counts = latest_verdicts(book), _by_subject(read.measurements(book, name="row_count"))
    lines = [_line(relation, said, counts.get(relation.name, [])) for relation in relations]
    return DataPage(
        project,
        now,
        [line for line in lines if line.relation.role == "source"],
        [line for line in lines if line.relation.role == "published"],
    )


def relation_page(project: str, book: Engine, relation: Relation, used_by: Sequence[str], now: datetime) -> RelationPage:
    """Return the page of `relation` as of `now`."""
    said = latest_verdicts(book)
    nulls = _by_subject(read.measurements(book, name="null_share"))
    columns = [_column(relation, column, said, nulls.get(f"{relation.name}.{column.name}", [])) for column in relation.columns]
    rows = _rows(read.measurements(book, name="row_count", subject=relation.name))
    return RelationPage(project, now, relation, _of(said, relation.name), columns, rows, list(used_by))


def _line(relation: Relation, said: Said, counts: Sequence[Measurement]) -> RelationLine:
    own = [verdict.outcome for _, verdict in said if _relation_of(verdict.subject) == relation.name]
    return RelationLine(relation, _outcome(relation, own), sum(outcome != "pass" for outcome in own), len(own), _rows(counts))


def _outcome(relation: Relation, own: list[Outcome]) -> Outcome:
    if relation.sound is False:
        return "fail"
    return "pass" if relation.sound and not own else worst(own)


def _relation_of(subject: str) -> str:
    return subject.partition(".")[0]


def _column(relation: Relation, column: Column, said: Said, nulls: Sequence[Measurement]) -> ColumnLine:
    shares = [measured.value for measured in nulls][-LONGEST:]
    words = f"Null share over the last {len(shares)} builds"
    checks = _of(said, f"{relation.name}.{column.name}")
    return ColumnLine(column, _role(relation, column.name), shares[-1] if shares else None, sparkline(shares, words=words), checks)


def _role(relation: Relation, name: str) -> str:
    roles = {"key": name in relation.key, "event time": name == relation.event_time, "known time": name == relation.known_time}
    return ", ".join(role for role, holds in roles.items() if holds)


def _rows(counts: Sequence[Measurement]) -> Sparkline | None:
    values = [measured.value for measured in counts][-LONGEST:]
    return sparkline(values, words=f"Rows over the last {len(values)} builds")


def _of(said: Said, subject: str) -> Said:
    own = [(at, verdict) for at, verdict in said if verdict.subject == subject]
    return sorted(own, key=lambda pair: (WORST_FIRST.index(pair[1].outcome), pair[1].name))


def _by_subject(measured: Sequence[Measurement]) -> Mapping[str, list[Measurement]]:
    found: dict[str, list[Measurement]] = {}
    for one in measured:
        found.setdefault(one.subject, []).append(one)
    return found
