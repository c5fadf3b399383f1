"""The models that pages speak of: those with a spec, and those that the logbook remembers.

A spec that cannot be read takes no page away: what is in production is shown, and the mistake beside it.
"""

from dataclasses import dataclass

from sqlalchemy import Engine

from shipworthy.console.catalog import Relation
from shipworthy.errors import ShipworthyError
from shipworthy.logbook import read
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, models


@dataclass(frozen=True, slots=True)
class Known:
    """Models by name, None where the spec cannot be read; `trouble` says why."""

    models: dict[str, ModelSpec | None]
    trouble: str


def known_models(project: Project, book: Engine) -> Known:
    """Return every model of `project`, in alphabetical order."""
    remembered = {version.model for version in read.versions(book)}
    try:
        specs, trouble = models(project), ""
    except ShipworthyError as error:
        specs, trouble = {}, str(error)
        remembered |= {file.parent.name for file in (project.root / "ml").glob("*/model.yml")}
    return Known({name: specs.get(name) for name in sorted({*specs, *remembered})}, trouble)


def unit(spec: ModelSpec | None, relations: list[Relation]) -> str | None:
    """Return the unit of the model's metric: the label's for an absolute error, None for any other."""
    if spec is None or (spec.evaluation.metric or (spec.brief.target.metric if spec.brief.target else "mae")) != "mae":
        return None
    columns = [column for relation in relations if relation.name == spec.label.relation for column in relation.columns]
    return next((column.unit for column in columns if column.name == spec.label.column), None)
