"""Model, code and data, in all directions: from a version to what it was made from, and from any of that to the versions made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import StepFailed, UnknownName
from shipworthy.flows import recorded
from shipworthy.flows.mlflow_pages import run_page
from shipworthy.flows.recorded import Recorded
from shipworthy.logbook import read
from shipworthy.records import ModelVersion
from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Origin:
    """What one version was made from.

    `relations` and `sources` are the versions of the published relations that it read, and of the landed sources that the build of these
    read; empty where nothing was recorded. `code` is None where that is not known, `mlflow` where MLflow does not show it.
    """

    model: str
    version: int
    run: str
    training_set: str
    code: str | None
    relations: Mapping[str, int]
    sources: Mapping[str, int]
    mlflow: str | None

    @property
    def name(self) -> str:
        """The version as `model@version`."""
        return f"{self.model}@{self.version}"


def origins(project: Project, book: Engine) -> list[Origin]:
    """Return what each version was made from, in the order of models and versions."""
    return [origin(project, one) for one in read.versions(book)]


def origin(project: Project, version: ModelVersion) -> Origin:
    """Return what one version was made from: by its record, or where there is none by its training set alone."""
    kept, made = record_of(project, version), set_of(project, version)
    relations = {name: pin.version for name, pin in made.pins.items()} if made else {}
    code = None if kept is None else kept.code.words if kept.code else "not in git"
    shown = recorded.tracked(project, version.model, version.version)
    return Origin(
        version.model, version.version, version.run_id, version.training_set, code, relations, kept.sources if kept else {},
        run_page(project, shown) if shown else None,
    )  # fmt: skip


def record_of(project: Project, version: ModelVersion) -> Recorded | None:
    """Return the record of a version's training; None where there is none."""
    try:
        return recorded.load(project, version.model, version.version)
    except StepFailed:
        return None


def set_of(project: Project, version: ModelVersion) -> TrainingSet | None:
    """Return the training set of a version; None where it is no longer in the lake."""
    try:
        return training_set.load(project.lake, version.model, version.training_set)
    except UnknownName:
        return None


def made_from(found: Sequence[Origin], name: str) -> list[Origin]:
    """Return those of `found` that `name` has to do with.

    That is a version (`churn@3`), its run, the hash of its training set, its commit or the beginning of one, a relation or source that it
    was made from, or one version of such (`orders@12`).

    Raises:
        UnknownName: nothing is called so.
    """
    kept = [one for one in found if name in _names(one) or (len(name) >= 7 and (one.code or "").startswith(name))]
    if not kept:
        raise UnknownName.of("version, run, training set, commit, relation or source", name, known=_all(found), where="logbook")
    return kept


def _names(one: Origin) -> set[str]:
    data = [*one.relations.items(), *one.sources.items()]
    called = {one.name, one.model, one.run, one.training_set, (one.mlflow or "").rpartition("/")[2]}
    return (called | {name for name, _ in data} | {f"{name}@{version}" for name, version in data}) - {""}


def _all(found: Sequence[Origin]) -> set[str]:
    return {name for one in found for name in (one.name, one.training_set, *one.relations, *one.sources)}
