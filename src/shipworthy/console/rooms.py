"""A project as of one moment: what every page is made from; the live console and the export see the same."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.console.catalog import Relation, built
from shipworthy.console.specs import Known, known_models
from shipworthy.errors import UnknownName
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Rooms:
    """A project, its logbook, its models and the relations of the last build, as of one moment."""

    project: Project
    book: Engine
    known: Known
    built: list[Relation]
    now: datetime

    @property
    def name(self) -> str:
        """What the project is called: its folder's name."""
        return self.project.root.name

    def spec(self, model: str) -> ModelSpec | None:
        """Return the spec of `model`, None where it cannot be read.

        Raises:
            UnknownName: there is no such model.
        """
        if model not in self.known.models:
            raise UnknownName.of("model", model, known=self.known.models, where=f"/models/{model}")
        return self.known.models[model]


def rooms(project: Project, book: Engine, now: datetime) -> Rooms:
    """Return `project` as of `now`."""
    return Rooms(project, book, known_models(project, book), built(project), now)
