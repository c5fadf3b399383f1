"""The page of how a version was made: its training set with rows and SQL, data by their versions, code, machine, MLflow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms
from shipworthy.data import training_set
from shipworthy.flows import mlflow_pages
from shipworthy.flows.provenance import Origin, origin, record_of, set_of
from shipworthy.flows.recorded import Recorded

MOST_ROWS = 8
HIDDEN = ("personal", "sensitive")


@dataclass(frozen=True, slots=True)
class TrainingPage(Found):
    """/models/{name}/{version}/training: what a version was made from, where else that was used, and how it is made again."""

    template: ClassVar[str] = "training.html"
    route: ClassVar[Place] = ("models", "{name}", "{version}", "training")

    origin: Origin
    as_of: datetime
    record: Recorded | None  # None where nothing was recorded
    sql: str | None  # of the training set, None where it is gone from the lake
    rows: int | None
    left_out: list[tuple[str, int]]  # decisions that are not in it, by reason
    columns: list[str]
    sample: list[list[Any]]  # its last rows
    hidden: int  # columns that are not shown: personal or sensitive
    same_set: list[int]  # other versions that learnt from it
    same_code: list[tuple[str, int]]  # other versions made by the same code
    relations: list[tuple[str, int, Place | None]]  # name, version, page
    sources: list[tuple[str, int, Place | None]]
    compared: str | None  # where MLflow shows the versions side by side
    mlflow_answers: bool

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("models", self.origin.model, str(self.origin.version), "training")

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of how a version was made."""
        version = rooms.version(*names)
        project, kept, made = rooms.project, record_of(rooms.project, version), set_of(rooms.project, version)
        table = training_set.rows(project.lake, made).slice(max(0, made.rows - MOST_ROWS)) if made else None
        columns = _shown(table.column_names, kept) if table else []
        own, others = origin(project, version), [one for one in rooms.origins if one.name != f"{version.model}@{version.version}"]
        return cls(
            rooms.name, rooms.now, own, version.as_of, kept, made.sql if made else None, made.rows if made else None,
            sorted(made.exclusions.items()) if made else [], columns,
            [list(row.values()) for row in table.select(columns).to_pylist()] if table else [],
            len(table.column_names) - len(columns) if table else 0,
            [one.version for one in others if (one.model, one.training_set) == (own.model, own.training_set)],
            [(one.model, one.version) for one in others if own.code and own.code != "not in git" and one.code == own.code],
            _places(rooms, own.relations), _places(rooms, own.sources),
            mlflow_pages.comparison_page(project, rooms.versions(version.model)), mlflow_pages.answers(project),
        )  # fmt: skip

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every version of every model."""
        return [(name, str(one.version)) for name in rooms.known.models for one in rooms.versions(name)]


def _places(rooms: Rooms, found: Any) -> list[tuple[str, int, Place | None]]:
    return [(name, version, ("data", name) if name in rooms.named else None) for name, version in sorted(found.items())]


def _shown(columns: list[str], kept: Recorded | None) -> list[str]:
    """Return the columns that may be shown: none where nobody recorded which of them are personal."""
    if kept is None:
        return []
    facts = [(name, about) for relation in kept.facts["relations"].values() for name, about in relation["columns"].items()]
    hidden = tuple(name for name, about in facts if about.get("role") in HIDDEN)
    return [name for name in columns if not (hidden and name.endswith(hidden))]
