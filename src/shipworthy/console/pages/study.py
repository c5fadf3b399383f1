"""The page of one chapter: what a study found out about a version, words first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.console import charts
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.pictures import Width
from shipworthy.console.rooms import Rooms
from shipworthy.errors import UnknownName
from shipworthy.flows.studied import asked as asked_of
from shipworthy.records import Chapter


@dataclass(frozen=True, slots=True)
class StudyPage(Found):
    """/models/{name}/{version}/studies/{study}: what one study found out about a version: words, verdicts, charts, tables."""

    template: ClassVar[str] = "study.html"
    route: ClassVar[Place] = ("models", "{name}", "{version}", "studies", "{study}")
    pictures: ClassVar[tuple[str, ...]] = (charts.CHART,)

    name: str
    version: int
    chapter: Chapter
    drawn: list[charts.Drawn]
    finds: str  # what the study looks for, empty where its text is gone
    blind: str  # what it cannot see

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("models", self.name, str(self.version), "studies", self.chapter.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a chapter."""
        chapter, known = _chapter(rooms, names), asked_of().get(names[2])
        finds, blind = (known.finds, known.blind) if known else ("", "")
        return cls(rooms.name, rooms.now, names[0], int(names[1]), chapter, charts.drawn(chapter), finds, blind)

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every chapter of every version."""
        versions = [one for name in rooms.known.models for one in rooms.versions(name)]
        return [(one.model, str(one.version), study) for one in versions for study in rooms.chapters(one.model, one.version)]

    @classmethod
    def pictured(cls, rooms: Rooms, names: Place) -> Sequence[str]:
        """Return the names of the chapter's charts."""
        return charts.names(_chapter(rooms, names))

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture: str, width: Width) -> Mapping[str, Any] | None:
        """Return one chart of a chapter."""
        return charts.drawing(_chapter(rooms, names), picture, width)


def _chapter(rooms: Rooms, names: Place) -> Chapter:
    """Return the chapter that is meant.

    Raises:
        UnknownName: there is no such version, or nobody asked it that.
    """
    name, number, study = names
    found = rooms.chapters(name, rooms.version(name, number).version)
    if study not in found:
        raise UnknownName.of("chapter", study, known=found, where=f"/models/{name}/{number}")
    return found[study]
