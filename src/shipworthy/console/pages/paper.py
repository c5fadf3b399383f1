"""The page of one paper about a version: model card, design paper, evaluation report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms
from shipworthy.flows.papers.base import Section, Written
from shipworthy.flows.report import known, titles, written


@dataclass(frozen=True, slots=True)
class PaperPage(Found):
    """/models/{name}/{version}/papers/{paper}: a paper about a version, each statement with a link to where it comes from."""

    template: ClassVar[str] = "paper.html"
    route: ClassVar[Place] = ("models", "{name}", "{version}", "papers", "{paper}")

    name: str
    version: int
    paper: Written
    sections: tuple[Section, ...]
    others: list[tuple[str, str]]  # the other papers: name and title

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("models", self.name, str(self.version), "papers", self.paper.paper)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a paper."""
        name, number, paper = names
        version = rooms.version(name, number)
        made = written(known(paper), rooms.dossier(version))
        others = [(other, title) for other, title in titles().items() if other != paper]
        return cls(rooms.name, rooms.now, name, version.version, made, made.sections, others)

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every paper about every version."""
        versions = [one for name in rooms.known.models for one in rooms.versions(name)]
        return [(one.model, str(one.version), paper) for one in versions for paper in titles()]
