"""The quality of data over time, summarised: what was measured of a relation or a column at each build, and what failed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.bounds import Outcome, worst
from shipworthy.console.catalog import Relation
from shipworthy.console.history import LONGEST, Said, by_subject, relation_of
from shipworthy.console.panels import Panel, panel, picture
from shipworthy.console.pictures import Row, Width
from shipworthy.logbook import judged, read
from shipworthy.records import Measurement

WHOLE = ("freshness",)  # told of a column, but of interest for the relation


@dataclass(frozen=True, slots=True)
class Past:
    """What the last builds said of one relation, oldest first, and what they measured of it and its columns."""

    relation: str
    moments: list[datetime]
    said: Said
    measured: Mapping[str, list[Measurement]]  # by subject

    def outcomes(self, subject: str) -> dict[datetime, Outcome]:
        """Return the worst verdict on `subject` at each moment, with those on its columns."""
        return worst_at((at, verdict.outcome) for at, verdict in self.said if _within(verdict.subject, subject))

    def drawn(self, subject: str, width: Width) -> Row | None:
        """Return the picture of what was measured of `subject`, None where nothing was."""
        moments = {one.at for found in self.measured.values() for one in found}
        bad = [at for at, outcome in self.outcomes(subject).items() if outcome == "fail" and at in moments]
        return picture(self.panels(subject), subject, width, bad)

    def panels(self, subject: str) -> list[Panel]:
        """Return a panel for each measurement of `subject`; for a relation also what its times say of it as a whole."""
        own = [(name, subject, "") for name in _names(self.measured.get(subject, []))]
        below = [
            (name, other, other.removeprefix(f"{subject}."))
            for other, found in self.measured.items()
            if other != subject and _within(other, subject)
            for name in _names(found)
            if name in WHOLE
        ]
        return [self._panel(name, of, column) for name, of, column in own + below]

    def _panel(self, name: str, subject: str, column: str) -> Panel:
        found = [one for one in self.measured[subject] if one.name == name]
        said = worst_at((at, one.outcome) for at, one in self.said if (one.name, one.subject) == (name, subject))
        return panel(name, found, said, column)

    def values(self, subject: str, name: str) -> list[Measurement]:
        """Return one measurement of `subject` over the builds."""
        return [one for one in self.measured.get(subject, []) if one.name == name]


def _within(subject: str, whole: str) -> bool:
    return subject == whole or subject.startswith(f"{whole}.")


def _names(measured: Sequence[Measurement]) -> list[str]:
    return list(dict.fromkeys(one.name for one in measured))


def worst_at(said: Iterable[tuple[datetime, Outcome]]) -> dict[datetime, Outcome]:
    """Return the worst outcome of each moment."""
    found: dict[datetime, list[Outcome]] = {}
    for at, outcome in said:
        found.setdefault(at, []).append(outcome)
    return {at: worst(outcomes) for at, outcomes in found.items()}


def past(book: Engine, relation: str) -> Past:
    """Return what the last builds said and measured of `relation`; nothing before the first."""
    measured = by_subject(
        [
            one
            for one in read.measurements(book, like=f"{relation}%")
            if one.subject == relation or (one.subject.startswith(f"{relation}.") and one.window is None)
        ]
    )
    judged_at = judged.moments(book, [relation], LONGEST)
    moments = sorted({*judged_at, *(one.at for found in measured.values() for one in found)})[-LONGEST:]
    if not moments:
        return Past(relation, [], [], {})
    kept = {subject: [one for one in found if one.at >= moments[0]] for subject, found in measured.items()}
    return Past(relation, moments, judged.verdicts_over(book, relation, moments[0]), kept)


def outcomes_of(book: Engine, relations: Sequence[Relation]) -> tuple[list[datetime], dict[str, dict[datetime, Outcome]]]:
    """Return the last builds, and the worst outcome of each relation at each of them, its columns with it."""
    names = {relation.subject for relation in relations}
    moments = judged.moments(book, names, LONGEST // 2)
    found: dict[str, list[tuple[datetime, Outcome]]] = {}
    for at, subject, outcome in judged.outcomes(book, moments[0]) if moments else []:
        if relation_of(subject) in names and "@" not in subject:
            found.setdefault(relation_of(subject), []).append((at, outcome))
    return moments, {name: worst_at(said) for name, said in found.items()}
