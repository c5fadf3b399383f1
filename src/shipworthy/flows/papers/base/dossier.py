"""All that is known of one version, gathered once: what papers are written from. What cannot be read is None or empty."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Engine

from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import ShipworthyError
from shipworthy.flows import lineage
from shipworthy.flows.budget import looks
from shipworthy.flows.recorded import Tracked, tracked
from shipworthy.flows.roles import PERSONS, reaching
from shipworthy.flows.studied import Asked, asked, chapters, of_model
from shipworthy.flows.versions import chosen
from shipworthy.lineage.graph import Graph
from shipworthy.logbook import read
from shipworthy.logbook.latest import run_of
from shipworthy.records import Alert, Chapter, Deployment, ModelVersion, Promise, Verdict
from shipworthy.registry.decision import AS_IT_IS, Decision
from shipworthy.registry.schema import Column, Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model

T = TypeVar("T")
NOTES, DECISION, REPRODUCTION = "notes.md", "decision.json", "reproduction"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One version of a model and all that is known of it.

    Args:
        model: its name.
        spec: None where it cannot be read.
        version: what papers are about.
        champion: the version that answers, None if none does.
        promises: the version's lines of the ledger, oldest window first.
        gates: the last word of each gate on the version.
        findings: what the checks said of its training set.
        chapters: what studies found out, by study.
        asked: what commands found out about the model, whatever its version, by name.
        studies: what each study of this release says of itself.
        columns: its features, empty where the package cannot be read.
        task: what kind of answer it gives, None where the package cannot be read.
        decision: how its answers are calibrated and acted on, None where the package cannot be read.
        looks: how many trainings have been judged on its holdout, it included; None where nobody knows the holdout.
        made: its training set, None where that is gone.
        code: the version of the code that it was trained with; None where git did not keep it.
        tracked: where MLflow shows its training, None where it does not.
        again: what came of training it again, with the moment; None where nobody did.
        deployments: of the model, oldest first.
        alerts: of the model, newest first.
        graph: what is made from what, None where nothing is built.
        persons: the features that are made from personal or sensitive columns, with those; None where no column is declared so.
        notes: the team's own `notes.md`, "" where there is none.
        now: as of when.
    """

    model: str
    spec: ModelSpec | None
    version: ModelVersion
    champion: int | None
    promises: tuple[Promise, ...]
    gates: tuple[Verdict, ...]
    findings: tuple[Verdict, ...]
    chapters: Mapping[str, Chapter]
    asked: Mapping[str, Chapter]
    studies: Mapping[str, Asked]
    columns: tuple[Column, ...]
    task: str | None
    decision: Decision | None
    looks: int | None
    made: TrainingSet | None
    code: str | None
    tracked: Tracked | None
    again: tuple[datetime, Verdict] | None
    deployments: tuple[Deployment, ...]
    alerts: tuple[Alert, ...]
    graph: Graph | None
    persons: Mapping[str, tuple[str, ...]] | None
    notes: str
    now: datetime

    @property
    def answers(self) -> bool:
        """Whether the version is the one that answers."""
        return self.champion == self.version.version

    @property
    def offline(self) -> Promise | None:
        """What the version promised, None where nobody knows."""
        return next((line for line in self.promises if line.stage == "offline"), None)

    @property
    def red(self) -> tuple[Verdict, ...]:
        """The gates that did not pass, waived or not."""
        return tuple(verdict for verdict in self.gates if verdict.outcome != "pass")


def dossier(project: Project, book: Engine, name: str, number: int | None, now: datetime) -> Dossier:
    """Return all that is known of version `number` of the model `name`; of the one that answers, or the newest, if None.

    Raises:
        UnknownName: there is no such version.
    """
    spec, known = maybe(lambda: model(project, name)), maybe(lambda: lineage.lineage(project))
    version, champion = chosen(book, name, number), read.champion(book, name)
    said = read.verdicts(book, subject=f"{name}@{version.version}")
    gates = {verdict.name: verdict for _, verdict in reversed(said)}
    ledger = sorted((line for line in read.promises(book, name) if line.version == version.version), key=lambda line: line.window.start)
    found = [verdict for _, verdict in read.verdicts(book, run=run_of(name, version.as_of))]
    schema = schema_of(project, version)
    return Dossier(
        name, spec, version, champion, tuple(ledger), tuple(gates[key] for key in sorted(gates)), tuple(found),
        chapters(project, name, version.version), maybe(lambda: of_model(project, name)) or {}, asked(),
        tuple(schema.columns) if schema else (), schema.task if schema else None, _decision(project, version) if schema else None,
        _looks(book, version, ledger), maybe(lambda: training_set.load(project.lake, name, version.training_set)),
        _code(project, version), tracked(project, name, version.version), _again(book, version),
        tuple(read.deployments(book, name)), tuple(read.alerts(book, name)), known.graph if known else None,
        reaching(known, name, PERSONS) if known else None, _notes(project, name), now,
    )  # fmt: skip


def maybe(make: Callable[[], T]) -> T | None:
    """Return what `make` gives, None where it cannot be read: a paper shows the blank."""
    try:
        return make()
    except (ShipworthyError, OSError):
        return None


def schema_of(project: Project, version: ModelVersion) -> Schema | None:
    """Return what a version takes and answers; None where its package cannot be read."""
    file = project.state / version.artifact / "schema.json"
    return maybe(lambda: Schema.from_json(file.read_bytes(), where=str(file)))


def columns_of(project: Project, version: ModelVersion) -> tuple[Column, ...]:
    """Return the features of a version; none where its package cannot be read."""
    schema = schema_of(project, version)
    return tuple(schema.columns) if schema else ()


def _decision(project: Project, version: ModelVersion) -> Decision | None:
    """Return how a version's answers are acted on; a package without the file has them as they are."""
    file = project.state / version.artifact / DECISION
    return maybe(lambda: Decision.from_json(file.read_bytes(), where=str(file))) if file.is_file() else AS_IT_IS


def _looks(book: Engine, version: ModelVersion, ledger: Sequence[Promise]) -> int | None:
    """Return how many trainings have been judged on the version's holdout, it included."""
    window = next((line.window for line in ledger if line.stage == "offline"), None)
    if window is None:
        return None
    return looks(
        book, version.model, number=version.version, run=version.run_id, training_set=version.training_set, window=window
    )  # fmt: skip


def _again(book: Engine, version: ModelVersion) -> tuple[datetime, Verdict] | None:
    """Return what came last of training the version again."""
    said = [(at, one) for at, one in read.verdicts(book, subject=version.model) if one.name == REPRODUCTION]
    return next(((at, one) for at, one in said if one.evidence.get("version") == version.version), None)


def _code(project: Project, version: ModelVersion) -> str | None:
    """Return the version of the code that the package names; only this much of its manifest is read, whatever its format."""
    content = maybe((project.state / version.artifact / "manifest.json").read_bytes)
    try:
        said = msgspec.json.decode(content or b"{}")
    except msgspec.DecodeError:
        return None
    provenance = said.get("provenance") if isinstance(said, dict) else None
    return provenance.get("code_version") if isinstance(provenance, dict) else None


def _notes(project: Project, name: str) -> str:
    return maybe(lambda: (project.root / "ml" / name / NOTES).read_text(encoding="utf-8").strip()) or ""
