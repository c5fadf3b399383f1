"""The first page: all models, red first."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from sqlalchemy import Engine

from shipworthy.console.catalog import Relation
from shipworthy.console.history import Red, red_of
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms
from shipworthy.console.sparkline import Sparkline, sparkline
from shipworthy.console.specs import Known, unit
from shipworthy.console.standing import RED_FIRST, History, Standing, history, standing
from shipworthy.logbook import read
from shipworthy.logbook.latest import latest_runs
from shipworthy.records import Alert, Step

MOST_RED = 5


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model at a glance; `champion` is None where no version answers."""

    name: str
    goal: str | None
    standing: Standing
    champion: int | None
    metric: str | None
    unit: str | None
    spark: Sparkline | None


@dataclass(frozen=True, slots=True)
class HomePage(Found):
    """/: every model, what is open, what ran last."""

    template: ClassVar[str] = "home.html"
    route: ClassVar[Place] = ()
    entry: ClassVar[Entry | None] = Entry("Models", "Models", 10)
    refresh_seconds: ClassVar[int | None] = 30

    trouble: str  # why a spec cannot be read, empty if all can
    models: list[ModelLine]  # red first
    alerts: list[Alert]  # open ones, newest first
    steps: list[Step]  # of the last run
    red: list[Red]  # what is not a pass in the data now, worst first, at most so many
    more_red: int  # red ones that are not shown

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the first page."""
        lines = [_line(rooms.book, rooms.known, name, rooms.built, rooms.now) for name in rooms.known.models]
        lines.sort(key=lambda line: (RED_FIRST.index(line.standing.status), line.name))
        open_alerts = read.alerts(rooms.book, open_only=True)
        red = red_of(rooms.said, rooms.built)
        steps = latest_runs(rooms.book, 1)
        return cls(rooms.name, rooms.now, rooms.known.trouble, lines, open_alerts, steps, red[:MOST_RED], len(red[MOST_RED:]))


def _line(book: Engine, known: Known, name: str, relations: list[Relation], now: datetime) -> ModelLine:
    spec = known.models[name]
    past = history(book, name, spec)
    return ModelLine(
        name, spec.brief.goal if spec else None, standing(past, spec, now), past.champion, past.metric, unit(spec, relations), _spark(past)
    )


def _spark(past: History) -> Sparkline | None:
    lines = past.lines("realized")
    promised = [line.value for line in past.lines("offline", past.spoken_of) if line.value is not None]
    return sparkline([line.value for line in lines], levels=promised[-1:], words=f"Realized over {len(lines)} windows, dashed: promised")
