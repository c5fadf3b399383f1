"""The page of all quarantines: which sources hold back records, and how many."""

from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.catalog import LANDED
from shipworthy.console.history import line_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.quarantine import Held, Reason, held, reasons
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source: its quarantine, why most of it is there, the share of the newest records that went there, build by build."""

    held: Held
    first: Reason | None
    share: float | None
    shares: Sparkline | None


@dataclass(frozen=True, slots=True)
class QuarantinePage(Found):
    """/quarantine: records that broke the contract of their source, source by source."""

    template: ClassVar[str] = "quarantine.html"
    route: ClassVar[Place] = ("quarantine",)
    entry: ClassVar[Entry | None] = Entry("Data", "Quarantine", 32)

    lines: list[SourceLine]  # the most open records first

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of all quarantines."""
        shares = rooms.measured["quarantine_share"]
        lines = []
        for name in rooms.sources:
            found, measured = held(rooms.project, name, rooms.sources), shares.get(f"{LANDED}{name}", [])
            why, last = next(iter(reasons(found)), None), measured[-1].value if measured else None
            lines.append(SourceLine(found, why, last, line_of(measured, "Share in quarantine")))
        return cls(rooms.name, rooms.now, sorted(lines, key=lambda line: (-line.held.open, line.held.source)))
