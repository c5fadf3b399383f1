"""The page of one chapter about a model: what a command found out, whatever its version, words first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from shipworthy.console import charts
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.pictures import Width
from shipworthy.console.rooms import Rooms
from shipworthy.errors import UnknownName
from shipworthy.records import Chapter


@dataclass(frozen=True, slots=True)
class ModelStudyPage(Found):
    """/models/{name}/studies/{study}: what a command found out about a model: whether more history helps, what could be done."""

    template: ClassVar[str] = "model_study.html"
    route: ClassVar[Place] = ("models", "{name}", "studies", "{study}")
    pictures: ClassVar[tuple[str, ...]] = (charts.CHART,)

    name: str
    chapter: Chapter
    drawn: list[charts.Drawn]

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("models", self.name, "studies", self.chapter.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a chapter."""
        chapter = _chapter(rooms, names)
        return cls(rooms.name, rooms.now, names[0], chapter, charts.drawn(chapter))

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every chapter of every model."""
        return [(name, study) for name in rooms.known.models for study in rooms.chapters_of_model(name)]

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
        UnknownName: there is no such model, or nobody asked it that.
    """
    name, study = names
    rooms.spec(name)
    found = rooms.chapters_of_model(name)
    if study not in found:
        raise UnknownName.of("chapter", study, known=found, where=f"/models/{name}")
    return found[study]
