"""The page of what the checks say before training, model by model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from shipworthy.console.findings import WORST_FIRST, Finding, State, found_in
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms

MOST = 3  # findings of a model on the page


@dataclass(frozen=True, slots=True)
class ModelFindings:
    """One model: when its training set was looked at, how many findings of each kind there are, the worst of them."""

    name: str
    at: datetime | None
    counts: dict[State, int]
    worst: list[Finding]

    @property
    def state(self) -> State:
        """The worst that was found; unknown where nobody looked."""
        return next((state for state in WORST_FIRST if self.counts.get(state)), "unknown")


@dataclass(frozen=True, slots=True)
class FindingsPage(Found):
    """/findings: what the checks found in each training set, red first."""

    template: ClassVar[str] = "findings.html"
    route: ClassVar[Place] = ("findings",)
    entry: ClassVar[Entry | None] = Entry("Models", "Findings", 11)

    models: list[ModelFindings]  # the worst first

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of all findings."""
        known = rooms.lineage
        told = [_told(name, found_in(rooms.book, name, known)) for name in rooms.known.models]
        return cls(rooms.name, rooms.now, sorted(told, key=lambda one: (WORST_FIRST.index(one.state), one.name)))


def _told(name: str, found: Sequence[Finding]) -> ModelFindings:
    counts: dict[State, int] = {state: sum(one.state == state for one in found) for state in WORST_FIRST}
    return ModelFindings(name, found[0].at if found else None, counts, [one for one in found if one.state != "pass"][:MOST])
