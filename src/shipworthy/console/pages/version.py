"""The page of one version: its promise, its gates, its papers, and what was found out about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.bounds import WORST_FIRST, Outcome, worst
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms
from shipworthy.console.standing import newest_of_each
from shipworthy.flows.report import titles
from shipworthy.flows.studied import asked
from shipworthy.logbook import read
from shipworthy.records import Chapter, ModelVersion, Promise, Verdict


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter at a glance: its first sentence, and the worst of its verdicts, None where it judges nothing."""

    name: str
    title: str
    words: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class VersionPage(Found):
    """/models/{name}/{version}: one version: promise, gates, and what studies found out about it."""

    template: ClassVar[str] = "version.html"
    route: ClassVar[Place] = ("models", "{name}", "{version}")

    name: str
    version: ModelVersion
    live: bool
    papers: list[tuple[str, str]]  # name and title of each paper about it
    promises: list[Promise]  # newest knowledge first
    gates: list[Verdict]  # worst first
    chapters: list[ChapterLine]  # worst first, then by title
    unasked: list[tuple[str, str]]  # studies that said nothing of it: title, what they would find out

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("models", self.name, str(self.version.version))

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a version."""
        name, number = names
        version = rooms.version(name, number)
        said = newest_of_each(read.verdicts(rooms.book, subject=f"{name}@{version.version}"))
        lines = [line for line in read.promises(rooms.book, name) if line.version == version.version]
        found = rooms.chapters(name, version.version)
        return cls(
            rooms.name, rooms.now, name, version, read.champion(rooms.book, name) == version.version, list(titles().items()),
            sorted(lines, key=lambda line: line.measured_at, reverse=True),
            sorted(said, key=lambda verdict: (WORST_FIRST.index(verdict.outcome), verdict.name)),
            sorted(map(_line, found.values()), key=_worst_first), _unasked(found),
        )  # fmt: skip

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every version of every model."""
        return [(name, str(one.version)) for name in rooms.known.models for one in rooms.versions(name)]


def _line(chapter: Chapter) -> ChapterLine:
    said = worst([verdict.outcome for verdict in chapter.verdicts]) if chapter.verdicts else None
    return ChapterLine(chapter.name, chapter.title, chapter.words[0] if chapter.words else "It says nothing.", said)


def _worst_first(line: ChapterLine) -> tuple[int, str]:
    return (WORST_FIRST.index(line.outcome) if line.outcome else len(WORST_FIRST), line.title)


def _unasked(found: Iterable[str]) -> list[tuple[str, str]]:
    return [(said.title or name.replace("_", " "), said.finds) for name, said in asked().items() if name not in found]
