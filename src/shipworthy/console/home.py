"""The first page: all models, red first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Engine

from shipworthy.console.catalog import Relation
from shipworthy.console.links import Place
from shipworthy.console.page import Page
from shipworthy.console.sparkline import Sparkline, sparkline
from shipworthy.console.specs import Known, unit
from shipworthy.console.standing import RED_FIRST, History, Standing, history, standing
from shipworthy.logbook import read
from shipworthy.logbook.latest import latest_runs
from shipworthy.records import Alert, Step


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
class HomePage(Page):
    """/: every model, what is open, what ran last."""

    template: ClassVar[str] = "home.html"

    trouble: str  # why a spec cannot be read, empty if all can
    models: list[ModelLine]  # red first
    alerts: list[Alert]  # open ones, newest first
    steps: list[Step]  # of the last run

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ()


def home_page(project: str, book: Engine, known: Known, relations: Sequence[Relation], now: datetime) -> HomePage:
    """Return the first page as of `now`."""
    lines = [_line(book, known, name, list(relations), now) for name in known.models]
    lines.sort(key=lambda line: (RED_FIRST.index(line.standing.status), line.name))
    return HomePage(project, now, known.trouble, lines, read.alerts(book, open_only=True), latest_runs(book, 1))


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
