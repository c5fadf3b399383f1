"""One training made again, in a process of its own: from a project as it stood, into a state folder that is thrown away.

`python -m shipworthy.flows.repetition REQUEST.json` reads what `reproduce` asks, and writes what came out beside it. It reads the
project's lake by pinned versions, and writes nothing to it, nor to logbook, registry or MLflow.
"""

import sys
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from shipworthy.data import training_set
from shipworthy.data.training_set import TrainingSet
from shipworthy.errors import ShipworthyError
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.material import prepare
from shipworthy.flows.progress import silent
from shipworthy.flows.recorded import digest
from shipworthy.flows.train import Attempt, learn, packaged, training_set_of
from shipworthy.gateways.tether import tether
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.load import load
from shipworthy.spec.project import SETTINGS, Project, model
from shipworthy.spec.settings import Settings
from shipworthy.training.machine import Machine, this_machine

CAME_OUT, ANSWERS, REFUSED = "came_out.json", "answers.npy", "refused.json"


class Request(msgspec.Struct, frozen=True):
    """What to make again: the project as it stood in `root`, with the throw-away `state`. `kept` takes the training set that is kept.

    `trials` is how many trials each search had, None where the spec's budget counts.
    """

    root: str
    state: str
    model: str
    version: int
    run: str
    as_of: datetime
    training_set: str
    kept: bool
    trials: dict[str, int] | None = None


class CameOut(msgspec.Struct, frozen=True):
    """What came out: as in `Recorded`."""

    training_set: str
    training_rows: int
    metric: str
    value: float | None
    rule: float | None
    rows: int
    answers: str
    files: dict[str, str]
    machine: Machine


def repeat(request: Request, folder: Path) -> CameOut:
    """Train again as `request` says and return what came out; the answers to the holdout are written to `folder`.

    Raises:
        ShipworthyError: it cannot be trained again.
    """
    root, state = Path(request.root), Path(request.state)
    settings = load(root / SETTINGS, Settings).model_copy(update={"state": str(state), "logbook": None, "tracking": None})
    project = Project(root, settings)
    spec, catalog, book = model(project, request.model), catalogs.load(project), open_logbook(project.logbook)
    made = _training_set(project, request) if request.kept else training_set_of(project, spec, catalog, request.as_of)
    material = prepare(project, spec, made)
    attempt = Attempt(project, book, spec, catalog, material, (), request.run, "repeated", request.version, None, request.trials)
    learnt = learn(attempt, silent)
    package = packaged(attempt, learnt)
    promise, answers = learnt.subject.promise, learnt.subject.answers
    np.save(folder / ANSWERS, answers)
    files = dict(package.manifest.files)
    return CameOut(made.hash, made.rows, promise.metric, promise.value, promise.rule, promise.rows, digest(answers), files, this_machine())


def _training_set(project: Project, request: Request) -> TrainingSet:
    return training_set.load(project.lake, request.model, request.training_set)


def main() -> None:
    """Do what the file that is named on the command line asks; 2 where it cannot be done, and why is in a file."""
    tether()
    asked = Path(sys.argv[1])
    request = msgspec.json.decode(asked.read_bytes(), type=Request)
    try:
        (asked.parent / CAME_OUT).write_bytes(msgspec.json.encode(repeat(request, asked.parent)))
    except ShipworthyError as error:
        (asked.parent / REFUSED).write_bytes(msgspec.json.encode(error.as_dict()["error"]))
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
