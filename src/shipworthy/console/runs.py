"""The page of runs: what was done, when, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from sqlalchemy import Engine

from shipworthy.console.links import Place
from shipworthy.console.page import Page
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
class RunsPage(Page):
    """/runs: the steps of the last runs."""

    template: ClassVar[str] = "runs.html"

    runs: list[RunLine]  # newest first
    most: int  # how many runs the page shows at most

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("runs",)


def runs_page(project: str, book: Engine, now: datetime) -> RunsPage:
    """Return the page of the last runs as of `now`."""
    grouped = [(name, list(steps)) for name, steps in groupby(latest_runs(book, MOST), key=lambda step: step.run)]
    return RunsPage(project, now, [RunLine(name, run_status(steps), steps[::-1]) for name, steps in grouped], MOST)


def run_status(steps: list[Step]) -> str:
    """Return the status of a run with these steps: the worst of theirs.

    >>> now = datetime(2013, 5, 1)
    >>> run_status([Step("r", "build", "done", now), Step("r", "train", "failed", now)])
    'failed'
    """
    held = {step.status for step in steps}
    return next(status for status in ("failed", "interrupted", "running", "done") if status in held)
