"""`behave`: what somebody wrote down that a model must do, asked of the version that answers, or of the newest."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.data import training_set
from shipworthy.errors import UnknownName
from shipworthy.evaluation.behaviour.embedding import embedding_of
from shipworthy.evaluation.behaviour.ground import Answer, Ground
from shipworthy.evaluation.behaviour.suite import on_answers, on_texts
from shipworthy.evaluation.behaviour.tried import Tried
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.versions import chosen
from shipworthy.gateways.trust import trust_of
from shipworthy.records import Verdict
from shipworthy.registry.package import load as load_package
from shipworthy.spec.behaviours import Behaviours
from shipworthy.spec.load import load
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, models

FILE = "behaviours.yml"
NEWEST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Behaved:
    """What became of the cases of a model; `subject` is `model@version`, or the model where texts alone were asked about."""

    subject: str
    tried: tuple[Tried, ...]
    verdicts: tuple[Verdict, ...]


def behave(project: Project, book: Engine, name: str, *, newest: bool = False) -> Behaved:
    """Return what became of the cases of `ml/NAME/behaviours.yml`, asked of the champion, or of the newest version.

    Rows are those of the version's training set, its newest. A folder without a model.yml has cases about texts alone.

    Raises:
        UnknownName: there is no such model, or no version of it yet.
        BadSpec: a case that cannot be.
    """
    said, known = cases_of(project, name), models(project)
    if name not in known:
        if not (_folder(project, name) / FILE).is_file():
            raise UnknownName.of("model", name, known=_with_cases(project) | set(known), where=str(project.root / "ml"))
        return behaved(name, said, texts(project, name, said))
    spec = known[name]
    version = chosen(book, name, newest=newest)
    package = load_package(project.state / version.artifact, trust=trust_of(project))
    made = training_set.load(project.lake, name, version.training_set)
    rows = training_set.rows(project.lake, made).select(list(made.features))
    found = answers(
        spec, catalogs.load(project), rows.slice(max(0, rows.num_rows - NEWEST_ROWS)), package.predict_table, said, package.schema.classes
    )
    return behaved(f"{name}@{version.version}", said, (*found, *texts(project, name, said)))


def cases_of(project: Project, name: str) -> Behaviours:
    """Return what `ml/NAME/behaviours.yml` says; where there is none, what any model must do."""
    file = _folder(project, name) / FILE
    return load(file, Behaviours) if file.is_file() else Behaviours.model_validate({})


def answers(
    spec: ModelSpec, catalog: catalogs.Catalog, rows: pa.Table, answer: Answer, said: Behaviours, classes: tuple[str, ...] = ()
) -> tuple[Tried, ...]:
    """Return what became of the cases about answers, on `rows` of raw feature values."""
    ground = Ground(rows, answer, f"ml/{spec.model}/{FILE}", classes)
    monotone: Mapping[str, str] = catalogs.said_of_features(catalog, spec, "monotone")
    roles: Mapping[str, str] = catalogs.said_of_features(catalog, spec, "role")
    return tuple(on_answers(said, ground, monotone, roles))


def texts(project: Project, name: str, said: Behaviours) -> tuple[Tried, ...]:
    """Return what became of the cases about texts; nothing where there is no embedding."""
    if said.embedding is None:
        return ()
    embed = embedding_of(_folder(project, name), said.embedding, trust_of(project))
    return tuple(on_texts(said, embed, f"ml/{name}/{FILE}: embedding"))


def behaved(subject: str, said: Behaviours, tried: tuple[Tried, ...]) -> Behaved:
    """Return what was tried with the verdict on each."""
    return Behaved(subject, tried, tuple(one.judged(subject, said.thresholds) for one in tried))


def _folder(project: Project, name: str) -> Path:
    return project.root / "ml" / name


def _with_cases(project: Project) -> set[str]:
    return {file.parent.name for file in (project.root / "ml").glob(f"*/{FILE}")}
