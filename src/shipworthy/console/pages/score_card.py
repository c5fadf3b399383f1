"""The page of the ML Test Score: every model, each test with its evidence."""

from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms
from shipworthy.flows.readiness import READINGS, ScoreCard, card
from shipworthy.flows.score_card.base import SECTIONS
from shipworthy.flows.score_card.base.evidence import gather


@dataclass(frozen=True, slots=True)
class ScoreCardPage(Found):
    """/score-card: the ML Test Score of every model, the lowest first, each of its 28 tests with the evidence."""

    template: ClassVar[str] = "score_card.html"
    route: ClassVar[Place] = ("score-card",)
    entry: ClassVar[Entry | None] = Entry("Models", "Score card", 14)

    cards: list[ScoreCard]  # the lowest first
    unread: list[str]  # models whose spec cannot be read
    sections: list[tuple[str, str]]  # each section by name, and in words
    readings: list[tuple[float, str]]  # what a score up to a number means

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of the score card."""
        specs = rooms.known.models
        made = [card(gather(rooms.project, rooms.book, spec, rooms.now)) for spec in specs.values() if spec]
        made.sort(key=lambda one: (one.final, one.model))
        unread = [name for name, spec in specs.items() if spec is None]
        return cls(rooms.name, rooms.now, made, unread, [(name, words) for name, words in SECTIONS.items()], list(READINGS))
