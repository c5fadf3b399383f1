"""Every page and picture of a project, by its place; the live console and the export show the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import Engine

from shipworthy.console import ledger
from shipworthy.console.catalog import Relation, built, kept, relations
from shipworthy.console.data import data_page, relation_page
from shipworthy.console.home import home_page
from shipworthy.console.links import Place
from shipworthy.console.model import model_page
from shipworthy.console.page import Page
from shipworthy.console.runs import runs_page
from shipworthy.console.specs import Known, known_models, unit
from shipworthy.console.standing import history
from shipworthy.errors import UnknownName
from shipworthy.gateways.charts import Theme, svg
from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Rooms:
    """A project as of one moment, and the pages that can be asked of it."""

    project: Project
    book: Engine
    known: Known
    built: list[Relation]
    now: datetime

    @property
    def name(self) -> str:
        """What the project is called: its folder's name."""
        return self.project.root.name

    def home(self) -> Page:
        """Return the first page."""
        return home_page(self.name, self.book, self.known, self.built, self.now)

    def data(self) -> Page:
        """Return the page of all relations."""
        return data_page(self.name, self.book, [kept(self.project, told) for told in relations(self.project)], self.now)

    def runs(self) -> Page:
        """Return the page of the last runs."""
        return runs_page(self.name, self.book, self.now)

    def model(self, name: str) -> Page:
        """Return the page of the model `name`.

        Raises:
            UnknownName: there is no such model.
        """
        self._sure_of_model(name)
        return model_page(self.project, self.book, name, self.known.models[name], self.built, self.now)

    def relation(self, name: str) -> Page:
        """Return the page of the relation `name`; of the published one where a source shares its name.

        Raises:
            UnknownName: there is no such relation.
        """
        named = {relation.name: relation for relation in relations(self.project)}
        if name not in named:
            raise UnknownName.of("relation", name, known=named, where=f"/data/{name}")
        users = [model for model, spec in self.known.models.items() if spec and name in spec.relations]
        return relation_page(self.name, self.book, kept(self.project, named[name]), users, self.now)

    def ledger(self, name: str, width: ledger.Width, theme: Theme) -> str:
        """Return the ledger of the model `name` as an SVG.

        Raises:
            UnknownName: there is no such model, or nothing to draw.
        """
        self._sure_of_model(name)
        spec = self.known.models[name]
        drawn = ledger.ledger(history(self.book, name, spec), self.now, width=width, unit=unit(spec, self.built))
        if drawn is None:
            raise UnknownName.of("ledger", name, known=(), where=f"/models/{name}")
        return svg(drawn, theme=theme)

    def _sure_of_model(self, name: str) -> None:
        if name not in self.known.models:
            raise UnknownName.of("model", name, known=self.known.models, where=f"/models/{name}")

    def pages(self) -> Iterator[Page]:
        """Yield every page."""
        yield from (self.home(), self.data(), self.runs())
        yield from (self.model(name) for name in self.known.models)
        yield from (self.relation(name) for name in {relation.name: None for relation in relations(self.project)})

    def pictures(self) -> Iterator[tuple[Place, str]]:
        """Yield the place of every picture and the picture."""
        for name, spec in self.known.models.items():
            if ledger.ledger(history(self.book, name, spec), self.now, width="wide", unit=None) is None:
                continue
            for width in ledger.PIXELS:
                for theme in get_args(Theme):
                    yield picture(name, width, theme), self.ledger(name, width, theme)


def picture(model: str, width: str, theme: str) -> Place:
    """Return the place of a model's ledger at one width in one theme."""
    return ("models", model, f"ledger-{width}-{theme}.svg")


def rooms(project: Project, book: Engine, now: datetime) -> Rooms:
    """Return `project` as of `now`."""
    return Rooms(project, book, known_models(project, book), built(project), now)
