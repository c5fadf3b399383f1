"""What is kept of a training so that it can be made again: `.shipworthy/trainings/MODEL/VERSION/`.

training.json        what it was made from, what it ran on, what came out: see `Recorded`
configuration/       shipworthy.yml and ml/MODEL/ as they stood
changes.patch        what stood in the project beyond its commit; only where something did
predictions.parquet  entity, decided_at, truth, answer and the rule's answer for each row of the holdout
console.log          what was said while it ran
tracked.json         which run of MLflow shows it; written last
"""

import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from shipworthy.errors import BadArtifact, StepFailed
from shipworthy.flows.catalog import Catalog
from shipworthy.gateways import durable
from shipworthy.records import Interval
from shipworthy.registry.package import Package
from shipworthy.spec.project import SETTINGS, Project
from shipworthy.training.code import CodeVersion, changes
from shipworthy.training.machine import Machine, this_machine

if TYPE_CHECKING:
    from shipworthy.flows.studies.base import Subject  # brings the learners, which who reads what was recorded does not need

PROBABILITY = "probability of "
RECORD, PATCH, PREDICTIONS, CONSOLE, TRACKED, CONFIGURATION = (
    "training.json", "changes.patch", "predictions.parquet", "console.log", "tracked.json", "configuration",
)  # fmt: skip
LARGEST = 1_000_000  # bytes of a file of the configuration


class Code(msgspec.Struct, frozen=True):
    """The commit of a project, its folder in the repository, and the new files that were not kept: nobody reads them in a training."""

    commit: str
    folder: str
    words: str
    changed: bool
    left_out: list[str]


class Recorded(msgspec.Struct, frozen=True):
    """One training. `code` is None where git did not keep the project.

    `trials` is how many trials each search had, by learner, None where an earlier release did not count them.

    `facts` are the catalog's of the relations that it read, `sources` the versions of landed sources that the build of these read.

    `answers` is the SHA-256 of the answers to the holdout, `files` that of each file of the package, `configuration` that of each file
    of the project that says how to train.
    """

    model: str
    version: int
    run: str
    as_of: datetime
    why: str
    training_set: str
    learner: str
    seed: int
    parameters: dict[str, Any]
    metric: str
    value: float | None
    interval: Interval | None
    rule: float | None
    rows: int
    answers: str
    files: dict[str, str]
    configuration: dict[str, str]
    code: Code | None
    machine: Machine
    facts: dict[str, Any]
    sources: dict[str, int] = {}
    trials: dict[str, int] | None = None


class Tracked(msgspec.Struct, frozen=True):
    """Where MLflow shows a training."""

    experiment: str
    run: str


def folder_of(project: Project, model: str, version: int) -> Path:
    """Return the folder of one training."""
    return project.trainings / model / str(version)


def record(subject: "Subject", package: Package, *, run: str, why: str, code: CodeVersion | None) -> Recorded:
    """Write down one training in place of what a killed one of this number left, and return what was written."""
    folder = folder_of(subject.project, subject.spec.model, subject.version)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    beyond = changes(subject.project.root) if code else None
    if beyond and beyond.patch:
        durable.put(folder / PATCH, beyond.patch)
    pq.write_table(predictions(subject), folder / PREDICTIONS)
    told = Code(code.commit, code.folder, code.words, bool(beyond.patch), list(beyond.left_out)) if code and beyond else None
    made = _recorded(subject, package, run, why, told, _configuration(subject.project, subject.spec.model, folder / CONFIGURATION))
    durable.put(folder / RECORD, msgspec.json.format(msgspec.json.encode(made), indent=1))
    return made


def _recorded(subject: "Subject", package: Package, run: str, why: str, code: Code | None, configuration: dict[str, str]) -> Recorded:
    spec, promise, fitted, made, catalog = subject.spec, subject.promise, subject.fitted, subject.material.made, subject.catalog
    facts = {"as_of": catalog.as_of, "key": catalog.key, "relations": {name: catalog.relations[name] for name in spec.relations}}
    return Recorded(
        spec.model, subject.version, run, made.as_of, why, made.hash, fitted.learner, spec.training.seed, dict(fitted.parameters),
        promise.metric, promise.value, promise.interval, promise.rule, promise.rows, digest(subject.answers),
        dict(package.manifest.files), configuration, code, this_machine(), facts, _landed(catalog), _trials(subject),
    )  # fmt: skip


def _trials(subject: "Subject") -> dict[str, int]:
    searches = subject.chosen.searches if subject.chosen else {}
    return {name: len(found.trials) for name, found in searches.items()}


def _landed(catalog: Catalog) -> dict[str, int]:
    """Return the version of each landed source as of the build."""
    landed = {name: facts for name, facts in catalog.relations.items() if facts["role"] == "source" and facts.get("version") is not None}
    return {name.removeprefix("landed."): int(facts["version"]) for name, facts in landed.items()}


def load(project: Project, model: str, version: int) -> Recorded:
    """Return what is kept of one training.

    Raises:
        StepFailed: nothing is: it was trained by an earlier release, or somebody took it away.
        BadArtifact: it is no record.
    """
    file = folder_of(project, model, version) / RECORD
    if not file.is_file():
        raise StepFailed(
            where=f"{model}@{version}", what="nothing was recorded of its training", fix="train again: every training is recorded"
        )
    try:
        return msgspec.json.decode(file.read_bytes(), type=Recorded)
    except msgspec.DecodeError as error:
        raise BadArtifact(where=str(file), what=f"is no record of a training: {error}", fix="train again") from None


def predictions(subject: "Subject") -> pa.Table:
    """Return the holdout as it was answered: entity, decided_at, truth, answer, and rule where there is one.

    Of several classes truth, answer and rule are names, and a column for each class has its probability.
    """
    held = subject.material.rows.select(["entity", "decided_at"]).filter(pa.array(subject.material.split.holdout))
    classes = subject.material.classes
    said = {"truth": subject.truth, "answer": subject.answers} | ({} if subject.rule is None else {"rule": subject.rule})
    if classes:
        names = np.array([*classes, None], dtype=object)
        codes = {name: values if name == "truth" else values.argmax(axis=1) for name, values in said.items()}
        said = {name: names[values.astype(np.int64)] for name, values in codes.items()}
        said |= {f"{PROBABILITY}{name}": subject.answers[:, place] for place, name in enumerate(classes)}
    for name, values in said.items():
        held = held.append_column(name, pa.array(values))
    return held


def answers_in(table: pa.Table) -> npt.NDArray[np.float64]:
    """Return the answers that `predictions` put into a table: shape (n,), or (n, c) for classes."""
    told = [name for name in table.column_names if name.startswith(PROBABILITY)]
    if told:
        return np.column_stack([table.column(name).to_numpy() for name in told])
    answers: npt.NDArray[np.float64] = table.column("answer").to_numpy()
    return answers


def digest(answers: npt.NDArray[np.float64]) -> str:
    """Return the SHA-256 of the bits of `answers`, in their order."""
    return sha256(np.ascontiguousarray(answers, dtype="<f8").tobytes()).hexdigest()


def tracked(project: Project, model: str, version: int) -> Tracked | None:
    """Return where MLflow shows a training; None where it does not."""
    file = folder_of(project, model, version) / TRACKED
    return msgspec.json.decode(file.read_bytes(), type=Tracked) if file.is_file() else None


def configuration_files(project: Project, model: str) -> list[Path]:
    """Return the files that say how `model` is trained, from the project's folder: settings, spec, behaviours, notes, code."""
    said = sorted(path.relative_to(project.root) for path in (project.root / "ml" / model).rglob("*") if path.is_file())
    kept = [path for path in said if "__pycache__" not in path.parts and (project.root / path).stat().st_size <= LARGEST]
    return [Path(SETTINGS), *kept]


def checksums(root: Path, names: list[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file below `root`."""
    return {name.as_posix(): sha256((root / name).read_bytes()).hexdigest() for name in names}


def _configuration(project: Project, model: str, folder: Path) -> dict[str, str]:
    names = configuration_files(project, model)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.root / name, folder / name)
    return checksums(project.root, names)
