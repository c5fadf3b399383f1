"""`reproduce`: one version trained again from what was recorded of it, and compared bit by bit.

Data from the pinned versions of the lake by the SQL of the spec, code from a worktree of the recorded commit with the changes that
were not committed, seed and parameters from the spec in it. It trains in a child process, into a folder that is thrown away.
"""

import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
from sqlalchemy import Engine

from shipworthy.bounds import Outcome, worst
from shipworthy.errors import StepFailed, UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.flows import recorded
from shipworthy.flows.comparison import Ground, compared
from shipworthy.flows.progress import Progress, silent
from shipworthy.flows.recorded import Recorded
from shipworthy.flows.repetition import ANSWERS, CAME_OUT, REFUSED, CameOut, Request
from shipworthy.gateways import history, lake
from shipworthy.logbook import read, write
from shipworthy.records import ModelVersion, Verdict
from shipworthy.spec.project import Project
from shipworthy.training.machine import differences

STEPS = 4

NAME = "reproduction"


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of training a version again: a verdict for its data, code, model, promise and predictions.

    `causes` are what differs between then and now, the likeliest first; they are told whether or not anything came out otherwise.
    """

    model: str
    version: int
    run: str
    verdicts: tuple[Verdict, ...]
    causes: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of its verdicts."""
        return worst([one.outcome for one in self.verdicts])


def reproduce(project: Project, book: Engine, name: str, *, progress: Progress = silent) -> Reproduction:
    """Train again what `name` names, a version as `model@3`, a run of ours or one of MLflow, and return how like it came out.

    Nothing of the project changes: neither lake nor logbook, registry nor files.

    Raises:
        UnknownName: there is no such version or run.
        StepFailed: nothing was recorded of it, its data are gone altogether, or it cannot be trained again.
    """
    version = named(project, book, name)
    kept = recorded.load(project, version.model, version.version)
    progress("data", 0, STEPS)
    gone = _gone(project, kept)
    with TemporaryDirectory(prefix="shipworthy-reproduce-") as beside:
        folder = Path(beside).resolve()
        progress("code", 1, STEPS)
        with ExitStack() as stack:
            ground = _ground(project, kept, folder, stack)
            progress("train again", 2, STEPS)
            made = _trained(project, kept, ground, folder, from_kept=bool(gone))
            progress("compare", 3, STEPS)
            verdicts = compared(project, kept, made, np.load(folder / ANSWERS), ground, gone)
        causes = differences(kept.machine, made.machine)
    progress("done", STEPS, STEPS)
    return Reproduction(kept.model, kept.version, kept.run, verdicts, tuple(causes))


def keep(book: Engine, made: Reproduction, at: datetime) -> Verdict:
    """Note in the logbook what came of it, as the verdict `reproduction` on the model, and return it; the newest counts."""
    red = [one for one in made.verdicts if one.outcome != "pass"]
    words = (
        f"version {made.version} was trained again: {'; '.join(one.words for one in red) or 'all of it came out the same to the last bit'}"
    )
    told = Verdict(NAME, made.model, made.outcome, words, red[0].fix if red else "", {"version": made.version, "causes": list(made.causes)})
    write.verdicts(book, f"reproduce-{made.model}-{made.version}", at, [told])
    return told


def named(project: Project, book: Engine, name: str) -> ModelVersion:
    """Return the version that `name` names: `model@3`, the name of its run, or the id of its run in MLflow.

    Raises:
        UnknownName: there is none.
    """
    versions = {f"{one.model}@{one.version}": one for one in read.versions(book)}
    runs = {one.run_id: one for one in versions.values()}
    in_mlflow = {shown.run: one for one in versions.values() if (shown := recorded.tracked(project, one.model, one.version))}
    found = versions.get(name) or runs.get(name) or in_mlflow.get(name)
    if found is None:
        raise UnknownName.of("version or run", name, known=[*versions, *runs], where="logbook")
    return found


def _gone(project: Project, kept: Recorded) -> list[str]:
    """Return the pinned versions whose data are no longer in the lake.

    Raises:
        StepFailed: some are gone, and so is the training set that was made from them.
    """
    pins = [lake.Pin(f"published/{name}", facts["version"]) for name, facts in kept.facts["relations"].items()]
    gone = [f"{pin.table} version {pin.version}" for pin in pins if not lake.whole(project.lake, pin)]
    if gone and not lake.whole(project.lake, lake.Pin(_table(kept), 0)):
        raise StepFailed(
            where=f"{kept.model}@{kept.version}", what=f"{gone[0]} is gone from the lake, and the training set {kept.training_set} too",
            fix="restore the lake from a backup; training sets and published versions are never vacuumed by Shipworthy",
        )  # fmt: skip
    return gone


def _table(kept: Recorded) -> str:
    return f"training_sets/{kept.model}/{kept.training_set}"


def _ground(project: Project, kept: Recorded, beside: Path, stack: ExitStack) -> Ground:
    """Return the project as it stood, until `stack` ends: from git, or where git cannot give it from the files that were kept."""
    if kept.code is None:
        return _from_kept(project, kept, beside, "the project was not in git: trained from the files that were kept of it")
    patch = recorded.folder_of(project, kept.model, kept.version) / recorded.PATCH
    changed = patch.read_bytes() if kept.code.changed and patch.is_file() else b""
    try:
        top = stack.enter_context(history.worktree(project.root, kept.code.commit, changed))
    except StepFailed as trouble:
        words = f"git cannot give commit {kept.code.commit[:12]} any more ({trouble.what}): trained from the files that were kept"
        return _from_kept(project, kept, beside, words, unknown=True)
    return Ground(top / kept.code.folder, f"from commit {kept.code.words}")


def _from_kept(project: Project, kept: Recorded, beside: Path, words: str, *, unknown: bool = False) -> Ground:
    root = beside / "project"
    shutil.copytree(recorded.folder_of(project, kept.model, kept.version) / recorded.CONFIGURATION, root)
    return Ground(root, words, unknown=unknown)


def _trained(project: Project, kept: Recorded, ground: Ground, folder: Path, *, from_kept: bool) -> CameOut:
    """Return what came out of the child; what it said is in its log."""
    state = _state(project, kept, folder / "state", from_kept=from_kept)
    request = Request(
        str(ground.root), str(state), kept.model, kept.version, kept.run, kept.as_of, kept.training_set, from_kept, kept.trials
    )
    (folder / "request.json").write_bytes(msgspec.json.encode(request))
    command = [sys.executable, "-m", "shipworthy.flows.repetition", str(folder / "request.json")]
    ended = subprocess.run(command, cwd=ground.root, capture_output=True, text=True, errors="replace", check=False)
    if (folder / REFUSED).is_file():
        said = json.loads((folder / REFUSED).read_text(encoding="utf-8"))
        raise StepFailed(where=f"{kept.model}@{kept.version}, trained again: {said['where']}", what=said["what"], fix=said["fix"])
    if ended.returncode != 0:
        lines = ended.stderr.strip().splitlines()
        what = f"the training ended with {ended.returncode}: {lines[-1][:300] if lines else 'it said nothing'}"
        raise StepFailed(where=f"{kept.model}@{kept.version}, trained again", what=what, fix="look at the packages that changed since then")
    return msgspec.json.decode((folder / CAME_OUT).read_bytes(), type=CameOut)


def _state(project: Project, kept: Recorded, state: Path, *, from_kept: bool) -> Path:
    """Make a state folder of its own: its lake shows the real one's tables and keeps its own training sets."""
    (state / "lake" / "training_sets").mkdir(parents=True)
    for entry in project.lake.iterdir():
        if entry.is_dir() and entry.name != "training_sets" and not entry.name.startswith("."):
            (state / "lake" / entry.name).symlink_to(entry.resolve(), target_is_directory=True)
    if from_kept:
        real = project.lake / "training_sets" / kept.model
        (state / "lake" / "training_sets" / kept.model).symlink_to(real.resolve(), target_is_directory=True)
    apart = Project(project.root, project.settings.model_copy(update={"state": str(state)}))
    said = kept.facts
    catalogs.save(apart, catalogs.Catalog(datetime.fromisoformat(said["as_of"]), said["key"], said["relations"]))
    return state
