"""`train`: training set, split, rule, fit, evaluation, package, gates, tracking; ends with a candidate and its verdicts.

The promise is measured on the last stretch of history, which the fit has not seen. What is packaged has then learnt
from that stretch too, with as many trees: its last weeks are the ones most like what comes.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.checks.training_set.base.judge import CHECKS
from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.evaluation.promise import promise
from shipworthy.flows import catalog as catalogs
from shipworthy.flows import chapters
from shipworthy.flows.budget import LEVEL, level_for, looks
from shipworthy.flows.challenge import against_champion
from shipworthy.flows.choosing import Chosen, choose
from shipworthy.flows.deciding import decision_of
from shipworthy.flows.fitting import fitted_on, refitted
from shipworthy.flows.heard import Heard, listening
from shipworthy.flows.material import Material, prepare
from shipworthy.flows.monotone import monotone_of
from shipworthy.flows.progress import Progress, silent, within
from shipworthy.flows.recorded import record
from shipworthy.flows.studies.base import Subject
from shipworthy.flows.tracked import Told, track
from shipworthy.flows.training_data import look, refuse_red
from shipworthy.gateways.hardware import Watched
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read, write
from shipworthy.logbook.latest import verdicts_on
from shipworthy.records import Chapter, ModelVersion, Promise, Verdict
from shipworthy.registry import background
from shipworthy.registry import package as packages
from shipworthy.registry.encoding import encode
from shipworthy.registry.gate import judge, sound
from shipworthy.registry.gates.base import Candidate
from shipworthy.registry.package import Provenance
from shipworthy.registry.reproduction import allowed, largest_difference, rows_to_ask
from shipworthy.registry.schema import Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project, model
from shipworthy.training.code import CodeVersion, code_version
from shipworthy.training.fitted import Fitted

Numbers = npt.NDArray[np.float64]
STEPS = 8
GOLDEN = 40


@dataclass(frozen=True, slots=True)
class Trained:
    """A candidate: its version, its promise, the verdicts of its gates; `new` is False where it was trained before."""

    version: ModelVersion
    promise: Promise
    verdicts: tuple[Verdict, ...]
    new: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One training on its way: of what, from what, and why; `looked` is what the checks said of its training set.

    `code` is the version of the project's code, None where git does not keep it. `trials` is how many trials each search had where the
    training is made again, None where the spec's budget counts.
    """

    project: Project
    book: Engine
    spec: ModelSpec
    catalog: catalogs.Catalog
    material: Material
    looked: tuple[Verdict, ...]
    run: str
    why: str
    number: int
    code: CodeVersion | None = None
    trials: Mapping[str, int] | None = None

    @property
    def folder(self) -> Path:
        """Where its package will lie."""
        return self.project.artifacts / self.spec.model / str(self.number)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a training learns: the model that is judged on the holdout, and the one that learnt from it too and is packaged.

    `matrix` has all rows of the training set as the latter's `schema` encodes them, shape (n, k).
    """

    subject: Subject
    final: Fitted
    schema: Schema
    matrix: Numbers


@dataclass(frozen=True, slots=True)
class Eye:
    """What watches a training: what was said, what was used, and whom it tells how far it is."""

    heard: Heard
    used: Watched
    progress: Progress


def train(project: Project, book: Engine, name: str, as_of: datetime, *, why: str = "asked for", progress: Progress = silent) -> Trained:
    """Train a candidate of the model `name` on what was known at `as_of`; the same training again gives the same version.

    Raises:
        ShipworthyError: no such model, data that cannot be learnt from or that a check refuses, a spec that does not fit it.
    """
    with listening() as heard, Watched() as used:
        return _train(project, book, name, as_of, why, Eye(heard, used, heard.beside(progress)))


def _train(project: Project, book: Engine, name: str, as_of: datetime, why: str, eye: Eye) -> Trained:
    spec, catalog = model(project, name), catalogs.load(project)
    eye.progress("training set", 0, STEPS)
    made = training_set_of(project, spec, catalog, as_of)
    run = f"train-{name}-{made.hash[:12]}-{digest_of(project, spec, monotone_of(spec, catalog))[:8]}"
    known = next((version for version in read.versions(book, name) if version.run_id == run), None)
    if known:
        return _known(book, known)
    eye.progress("split and rule", 1, STEPS)
    material = prepare(project, spec, made)
    looked = look(project, book, spec, catalog, material, progress=within(eye.progress, "look"))
    refuse_red(spec, looked)
    number = write.next_version(book, name)
    code = code_version(project.root)
    return _candidate(Attempt(project, book, spec, catalog, material, tuple(looked), run, why, number, code), eye)


def digest_of(project: Project, spec: ModelSpec, monotone: Mapping[str, int] | None = None) -> str:
    """Return the hash of all that a team says of how to learn and to judge: the spec, its own code, its behaviours, what is monotone."""
    folder = project.root / "ml" / spec.model
    files = [*sorted(folder.glob("*.py")), folder / "behaviours.yml"]
    told = [spec.model_dump_json().encode(), *(file.read_bytes() for file in files if file.is_file())]
    told += [f"{name} {way}".encode() for name, way in sorted((monotone or {}).items())]
    return sha256(b"\0".join(told)).hexdigest()


def training_set_of(project: Project, spec: ModelSpec, catalog: catalogs.Catalog, as_of: datetime) -> TrainingSet:
    """Return the training set of `spec` as of a moment, of the versions that `catalog` pins; see `training_set.build`."""
    start = as_of - spec.training.history if spec.training.history else None
    relations, pins = catalogs.relations(catalog, spec), catalogs.pins(catalog, spec)
    return training_set.build(project.lake, spec, relations, as_of, pins=pins, start=start)


def _known(book: Engine, version: ModelVersion) -> Trained:
    subject = f"{version.model}@{version.version}"
    verdicts = tuple(verdict for _, verdict in read.verdicts(book, subject=subject))
    offline = next(line for line in read.promises(book, version.model) if line.version == version.version and line.stage == "offline")
    return Trained(version, offline, verdicts, new=False)


def _candidate(attempt: Attempt, eye: Eye) -> Trained:
    progress, learnt = eye.progress, learn(attempt, eye.progress)
    subject = learnt.subject
    progress("study", 5, STEPS)
    studied = chapters.study(subject, within(progress, "study"))
    progress("package and judge", 6, STEPS)
    package = packaged(attempt, learnt)
    verdicts = _judged(attempt, learnt, studied, package)
    progress("track", 7, STEPS)
    _tell(attempt, learnt, package, studied, verdicts, eye)
    version = _keep(attempt, subject.promise, studied, verdicts)
    progress("done", STEPS, STEPS)
    return Trained(version, subject.promise, tuple(verdicts))


def _tell(attempt: Attempt, learnt: Learnt, package: packages.Package, studied: list[Chapter], verdicts: list[Verdict], eye: Eye) -> None:
    """Record the training so that it can be made again, and show it in MLflow."""
    subject = learnt.subject
    record(subject, package, run=attempt.run, why=attempt.why, code=attempt.code)
    for verdict in verdicts:
        eye.heard.say(f"{verdict.outcome:8}{verdict.name:22}{verdict.words}")
    said = Told(attempt, subject, learnt.schema, tuple(studied), tuple(verdicts), eye.heard.text, tuple(eye.used.samples))
    track(attempt.project, said)


def learn(attempt: Attempt, progress: Progress) -> Learnt:
    """Return what an attempt learns: the model before the holdout with its promise, and the one to package. Nothing is kept."""
    spec, material = attempt.spec, attempt.material
    progress("choose", 2, STEPS)
    chosen = choose(spec, attempt.catalog, material, within(progress, "choose"), trials=attempt.trials)
    progress("fit and evaluate", 3, STEPS)
    subject = _subject(attempt, chosen, *fitted_on(spec, attempt.catalog, material, chosen))
    progress("fit to all of history", 4, STEPS)
    final, final_schema = refitted(spec, attempt.catalog, material, subject.fitted)
    return Learnt(subject, final, final_schema, encode(final_schema, material.features))


def _subject(attempt: Attempt, chosen: Chosen, fitted: Fitted, schema: Schema) -> Subject:
    """Return the fitted model with its answers for the holdout and the promise on it."""
    material, number = attempt.material, attempt.number
    matrix = encode(schema, material.features.filter(pa.array(material.split.holdout)))
    decision = decision_of(attempt.spec, attempt.catalog, material, fitted)
    answers = decision.meaning(fitted.answers(matrix))
    seen = looks(
        attempt.book, attempt.spec.model, number=number, run=attempt.run, training_set=material.made.hash,
        window=material.split.holdout_window,
    )  # fmt: skip
    promised = offline(attempt.spec, number, material, answers, material.made.as_of, level=level_for(seen))
    return Subject(
        attempt.project, attempt.book, attempt.spec, number, attempt.catalog, material, schema, fitted, answers, promised, decision,
        chosen, attempt.looked, seen,
    )  # fmt: skip


def offline(spec: ModelSpec, version: int, material: Material, answers: Numbers, now: datetime, *, level: float = LEVEL) -> Promise:
    """Return the promise on the holdout: the model beside the rule on the same rows."""
    held = material.split.holdout
    return promise(
        spec.model, version, "offline", material.metric, times=material.times[held], truth=material.target[held], answers=answers,
        rule=None if material.rule is None else material.rule[held], window=material.split.holdout_window, now=now,
        together=None if material.split.together is None else material.split.together[held],
        quantile=spec.evaluation.quantile, level=level,
    )  # fmt: skip


def packaged(attempt: Attempt, learnt: Learnt) -> packages.Package:
    """Write the package of a model anew, with answers to rows from all over its history."""
    shutil.rmtree(attempt.folder, ignore_errors=True)  # of a training that was killed before the logbook knew it
    made, features = attempt.material.made, attempt.material.features
    final, schema = learnt.final, learnt.schema
    places = np.linspace(0, made.rows - 1, GOLDEN).astype(np.int64)
    sample = features.take(pa.array(places)).to_pylist()
    provenance = Provenance(made.hash, made.as_of, attempt.run, made.as_of, attempt.code.words if attempt.code else None)
    compared = background.chosen(learnt.matrix, attempt.spec.training.seed)
    model_ = packages.Model(final.format, final.content, learnt.subject.decision, background=compared)
    return packages.write(
        attempt.folder, version=attempt.number, schema=schema, model=model_, sample=sample, provenance=provenance,
        trust=trust_of(attempt.project),
    )  # fmt: skip


def _judged(attempt: Attempt, learnt: Learnt, studied: list[Chapter], package: packages.Package) -> list[Verdict]:
    """Return what the gates say of the candidate."""
    subject = learnt.subject
    spec, catalog, book, material = attempt.spec, attempt.catalog, attempt.book, attempt.material
    asked = rows_to_ask(package, material.features, learnt.matrix)
    fitted_answers = subject.decision.meaning(learnt.final.answers(learnt.matrix[asked]))
    candidate = Candidate(
        spec=spec, version=attempt.number, offline=subject.promise, features=package.schema.names,
        descriptions=catalogs.descriptions(catalog, spec), foundations=catalogs.foundations(catalog, spec),
        checks=tuple(verdicts_on(book, spec.relations)), training_data=attempt.looked, champion=read.champion(book, spec.model),
        against_champion=against_champion(
            attempt.project, book, spec, material, subject.answers, level=level_for(subject.looks)
        ),
        reproduction=largest_difference(package, material.features.take(pa.array(asked)), fitted_answers),
        reproduction_bound=allowed(package, fitted_answers), unit=package.schema.unit or "",
        studied={chapter.name: chapter for chapter in studied},
    )  # fmt: skip
    return judge(candidate, today=material.made.as_of.date(), checks=CHECKS)


def _keep(attempt: Attempt, promised: Promise, studied: list[Chapter], verdicts: list[Verdict]) -> ModelVersion:
    """Write all of it; the version last: what the logbook knows is whole."""
    made, artifact = attempt.material.made, str(attempt.folder.relative_to(attempt.project.state))
    name = attempt.spec.model
    version = ModelVersion(name, attempt.number, made.as_of, made.as_of, attempt.run, made.hash, artifact, sound(verdicts), attempt.why)
    chapters.keep(attempt.project, name, attempt.number, studied)
    write.promises(attempt.book, [promised])
    write.verdicts(attempt.book, version.run_id, version.as_of, verdicts)
    write.version(attempt.book, version)
    return version
