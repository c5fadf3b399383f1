"""The page of runs: what was done, when, and how it ended."""

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms
from shipworthy.logbook.latest import latest_runs
from shipworthy.records import Step

MOST = 50


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run; its status is that of its worst step."""

    name: str
    status: str
    steps: list[Step]  # newest first


@dataclass(frozen=True, slots=True)
class RunsPage(Found):
    """/runs: the steps of the last runs."""

    template: ClassVar[str] = "runs.html"
    route: ClassVar[Place] = ("runs",)
    entry: ClassVar[Entry | None] = Entry("Runs", "Runs", 90)

    runs: list[RunLine]  # newest first
    most: int  # how many runs the page shows at most

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of the last runs."""
        grouped = [(name, list(steps)) for name, steps in groupby(latest_runs(rooms.book, MOST), key=lambda step: step.run)]
        return cls(rooms.name, rooms.now, [RunLine(name, run_status(steps), steps[::-1]) for name, steps in grouped], MOST)


def run_status(steps: list[Step]) -> str:
    """Return the status of a run with these steps: the worst of theirs.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2013, 5, 1, tzinfo=UTC)
    >>> run_status([Step("r", "build", "done", now), Step("r", "train", "failed", now)])
    'failed'
    """
    held = {step.status for step in steps}
    return next(status for status in ("failed", "interrupted", "running", "done") if status in held)
