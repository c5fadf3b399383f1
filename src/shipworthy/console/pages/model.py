"""The page of one model: the ledger of its promises first, and all that stands behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from sqlalchemy import Engine

from shipworthy.bounds import WORST_FIRST
from shipworthy.console import ledger
from shipworthy.console.lineage import place_of_model
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.pictures import Width
from shipworthy.console.rooms import Rooms
from shipworthy.console.specs import unit
from shipworthy.console.standing import History, Standing, history, newest_of_each, standing
from shipworthy.errors import ShipworthyError
from shipworthy.flows.report import titles
from shipworthy.logbook import read
from shipworthy.records import Alert, Deployment, ModelVersion, Promise, Verdict
from shipworthy.registry.schema import Column, Schema
from shipworthy.spec.duration import in_words
from shipworthy.spec.model import ModelSpec

STAGES = ("realized", "backtest", "offline")  # the newest knowledge first
OPEN_FIRST = ("firing", "pending", "recovered")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger with its mean difference to the rule, and the word for it."""

    promise: Promise
    difference: float | None
    word: str  # better, worse, alike, unknown


@dataclass(frozen=True, slots=True)
class VersionGates:
    """One version and what its gates said, red first."""

    version: ModelVersion
    live: bool
    red: list[Verdict]  # failed or unknown, waived or not
    green: list[Verdict]


@dataclass(frozen=True, slots=True)
class ModelPage(Found):
    """/models/{name}: what was promised, what came true, who decided what, and on what evidence."""

    template: ClassVar[str] = "model.html"
    route: ClassVar[Place] = ("models", "{name}")
    pictures: ClassVar[tuple[str, ...]] = ("ledger",)

    name: str
    brief: list[tuple[str, str]]  # what the spec says, in words; None of it where the spec cannot be read
    standing: Standing
    spoken_of: int | None  # the version that its papers are about: the champion, or the newest; None before the first
    papers: list[tuple[str, str]]  # name and title of each
    studied: list[tuple[str, str]]  # name and title of what commands found out, whatever the version
    champion: int | None  # None where no version answers
    metric: str | None
    unit: str | None
    picture: str | None  # the ledger's picture in words, None where there is nothing to draw
    shows: list[str]  # what the picture holds
    ledger: list[LedgerLine]  # newest version first
    deployments: list[Deployment]  # newest first
    alerts: list[Alert]  # open first
    versions: list[VersionGates]  # newest first
    features: list[Column]
    lineage: Place | None
    trouble: str  # why the features cannot be read, empty if they can

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("models", self.name)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a model."""
        (name,) = names
        book, spec = rooms.book, rooms.spec(name)
        past, versions, told = history(book, name, spec), read.versions(book, name), unit(spec, rooms.built)
        features, trouble = _features(rooms.project.state, versions, past.spoken_of)
        drawn = ledger.ledger(past, rooms.now, width="wide", unit=told)
        return cls(
            rooms.name, rooms.now, name, _brief(spec), standing(past, spec, rooms.now), past.spoken_of,
            list(titles().items()), [(one.name, one.title) for one in rooms.chapters_of_model(name).values()], past.champion, past.metric,
            told,
            str(drawn["description"]) if drawn else None, ledger.shows(past), _ledger(past),
            past.deployments[::-1], sorted(past.alerts, key=lambda alert: OPEN_FIRST.index(alert.state)),
            [_gates(book, version, past.champion) for version in versions[::-1]], features,
            place_of_model(rooms.lineage, name), trouble,
        )  # fmt: skip

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every model."""
        return [(name,) for name in rooms.known.models]

    @classmethod
    def drawing(cls, rooms: Rooms, names: Place, picture: str, width: Width) -> Mapping[str, Any] | None:
        """Return the ledger of a model."""
        (name,) = names
        spec = rooms.spec(name)
        return ledger.ledger(history(rooms.book, name, spec), rooms.now, width=width, unit=unit(spec, rooms.built))


def _brief(spec: ModelSpec | None) -> list[tuple[str, str]]:
    if spec is None:
        return []
    brief, target, business = spec.brief, spec.brief.target, spec.brief.business_metric
    said = {
        "Goal": brief.goal,
        "Decision": brief.decision,
        "Owner": brief.owner,
        "Target": f"{target.metric} of at most {target.at_most:g}" if target else None,
        "Business": f"{business.column} of {business.relation}, {business.better} is better" if business else None,
        "Predicts": f"{spec.label.column} of {spec.label.relation}, mature {in_words(spec.label.horizon)} after the decision",
        "Rule to beat": (spec.baseline.words or spec.baseline.sql) if spec.baseline else None,
    }
    return [(title, words or "not said") for title, words in said.items()]


def _ledger(past: History) -> list[LedgerLine]:
    ordered = sorted(past.ledger, key=lambda line: line.window.start, reverse=True)
    ordered.sort(key=lambda line: (-line.version, STAGES.index(line.stage)))
    return [LedgerLine(line, _difference(line), _word(line)) for line in ordered]


def _difference(line: Promise) -> float | None:
    return None if line.value is None or line.rule is None else line.value - line.rule


def _word(line: Promise) -> str:
    if line.difference is None:
        return "unknown"
    return "better" if line.difference.high < 0 else "worse" if line.difference.low > 0 else "alike"


def _gates(book: Engine, version: ModelVersion, champion: int | None) -> VersionGates:
    said = newest_of_each(read.verdicts(book, subject=f"{version.model}@{version.version}"))
    said.sort(key=lambda verdict: (WORST_FIRST.index(verdict.outcome), verdict.name))
    red, green = [verdict for verdict in said if verdict.outcome != "pass"], [verdict for verdict in said if verdict.outcome == "pass"]
    return VersionGates(version, version.version == champion, red, green)


def _features(state: Path, versions: Sequence[ModelVersion], spoken_of: int | None) -> tuple[list[Column], str]:
    folder = next((state / version.artifact for version in versions if version.version == spoken_of), None)
    if folder is None:
        return [], ""
    file = folder / "schema.json"
    try:
        return list(Schema.from_json(file.read_bytes(), where=str(file)).columns), ""
    except OSError:
        return [], f"{file.name} of version {spoken_of} is not there to be read."
    except ShipworthyError as error:
        return [], str(error)
