"""A version made again from what was recorded of it: in git with changes that are not committed, without git, with data that are gone."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from shipworthy.errors import StepFailed, UnknownName
from shipworthy.flows import recorded
from shipworthy.flows.reproduce import Reproduction, named, reproduce
from shipworthy.flows.train import train
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.spec.project import Project

from ..conftest import MODEL, TRAINED, Said, Shop, _copied, opened

SPEC = f"ml/{MODEL}/model.yml"
PARTS = {"training_set", "code", "model", "promise", "predictions"}


def git(folder: Path, *arguments: str) -> str:
    own = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", str(folder), *own, *arguments], check=True, capture_output=True, text=True).stdout


def outcomes(made: Reproduction) -> dict[str, str]:
    return {verdict.name: verdict.outcome for verdict in made.verdicts}


def said(made: Reproduction, name: str) -> str:
    return next(verdict.words for verdict in made.verdicts if verdict.name == name)


@pytest.fixture(scope="module")
def dirty_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose folder `team/shop` is the project: trained with a changed spec, new notes and a new key, none committed."""
    repository = tmp_path_factory.mktemp("repository")
    shop = opened(_copied(built_once, repository / "team" / "shop"))
    (repository / ".gitignore").write_text(".shipworthy/\ndbt_packages/\nlogs/\n")
    git(repository, "init", "-q")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "first")
    shop.rewrite(SPEC, "num_iterations: 150", "num_iterations: 40")
    (shop.root / "ml" / MODEL / "notes.md").write_text("Forty trees are enough.\n")
    (shop.root / "key.txt").write_text("s3cr3t")
    assert train(shop.project, shop.book, MODEL, TRAINED).new
    shop.book.dispose()
    return repository


@pytest.fixture
def dirty(dirty_once: Path, tmp_path: Path) -> Iterator[Shop]:
    shop = opened(_copied(dirty_once, tmp_path / "repository") / "team" / "shop")
    yield shop
    shop.book.dispose()


def files(project: Project) -> dict[str, bytes]:
    """Return what must not change: lake, registry, tracking, the project's own files."""
    kept = [path for path in project.root.rglob("*") if path.is_file() and "logbook" not in path.name]
    return {str(path.relative_to(project.root)): path.read_bytes() for path in kept}


@pytest.mark.journey
def test_a_dirty_tree_in_a_subfolder_is_reproduced_to_the_last_bit(dirty: Shop) -> None:
    """
    Whatever stands in the project by then, the version is made again from its commit with the changes of then: model file, promise and
    answers are the same bits. The project is as it was, and its repository has no worktree more.
    """
    dirty.rewrite(SPEC, "num_iterations: 40", "num_iterations: 90")
    before, versions = files(dirty.project), read.versions(dirty.book)

    made = reproduce(dirty.project, dirty.book, f"{MODEL}@1")

    assert outcomes(made) == dict.fromkeys(PARTS, "pass")
    assert made.causes == ()
    kept = recorded.load(dirty.project, MODEL, 1)
    assert next(one.evidence["files"] for one in made.verdicts if one.name == "model") == kept.files
    assert "with changes" in said(made, "code")
    assert files(dirty.project) == before
    assert read.versions(dirty.book) == versions
    assert len(git(dirty.root, "worktree", "list").splitlines()) == 1


@pytest.mark.journey
def test_a_difference_is_told_with_its_size_and_its_causes(dirty: Shop, command: Callable[..., Said]) -> None:
    """
    Where the model comes out otherwise it is told by how much, for whom, and what is otherwise on this machine. Exit code 1.
    """
    folder = recorded.folder_of(dirty.project, MODEL, 1)
    patch = (folder / recorded.PATCH).read_text()
    (folder / recorded.PATCH).write_text(
        patch.replace("num_iterations: 40, learning_rate: 0.1}", "num_iterations: 40, learning_rate: 0.2}")
    )
    said_then = json.loads((folder / recorded.RECORD).read_text())
    said_then["machine"]["packages"]["lightgbm"] = "4.0.0"
    (folder / recorded.RECORD).write_text(json.dumps(said_then))

    told = command("reproduce", said_then["run"], "--project", dirty.root, "--json")

    found = json.loads(told.out)
    by_name = {one["name"]: one for one in found["verdicts"]}
    assert (told.code, found["outcome"]) == (1, "fail")
    assert {name for name, one in by_name.items() if one["outcome"] == "fail"} == PARTS - {"training_set"}
    assert SPEC in by_name["code"]["words"]
    assert by_name["predictions"]["evidence"]["largest"] > 0
    assert "lightgbm 4.0.0 then" in found["causes"][0]


@pytest.mark.journey
def test_without_git_and_with_a_source_that_is_gone_it_is_said(trained: Shop) -> None:
    """
    A project that is not in git is made again from the files that were kept. A pinned version that is gone is unknown, never a pass; the
    kept training set takes its place.
    """
    gone = lake.Pin("published/shop_queue", recorded.load(trained.project, MODEL, 2).facts["relations"]["shop_queue"]["version"])
    for file in lake.paths(trained.project.lake, gone):
        Path(file).unlink()

    made = reproduce(trained.project, trained.book, f"{MODEL}@2")

    assert outcomes(made) == {**dict.fromkeys(PARTS, "pass"), "training_set": "unknown"}
    assert made.outcome == "unknown"
    assert "published/shop_queue version" in said(made, "training_set")
    assert "not in git" in said(made, "code")


def test_what_is_gone_altogether_cannot_be_run(trained: Shop, command: Callable[..., Said]) -> None:
    """
    Without sources and without the training set nothing can be learnt from: exit code 2, and what is gone by name.
    """
    kept = recorded.load(trained.project, MODEL, 2)
    shutil.rmtree(trained.project.lake / "published" / "shop_queue")
    shutil.rmtree(trained.project.lake / "training_sets" / MODEL / kept.training_set)

    told = command("reproduce", f"{MODEL}@2", "--project", trained.root)

    assert told.code == 2
    assert "published/shop_queue" in told.err
    assert kept.training_set in told.err


def test_new_files_that_a_training_does_not_read_are_named_and_not_kept(dirty: Shop) -> None:
    """
    What was recorded holds the new notes below `ml/` and of a new key the name alone.
    """
    kept = recorded.load(dirty.project, MODEL, 1)
    folder = recorded.folder_of(dirty.project, MODEL, 1)

    assert kept.code is not None
    assert (kept.code.folder, kept.code.left_out) == ("team/shop", ["key.txt"])
    assert b"Forty trees are enough." in (folder / recorded.PATCH).read_bytes()
    assert all(b"s3cr3t" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_version_without_a_record_or_of_no_name_is_refused(trained: Shop) -> None:
    """
    An unknown name is answered with the nearest; a version of before recordings with what to do.
    """
    with pytest.raises(UnknownName, match=f"did you mean '{MODEL}@2'"):
        reproduce(trained.project, trained.book, f"{MODEL}@22")
    shutil.rmtree(recorded.folder_of(trained.project, MODEL, 1))
    with pytest.raises(StepFailed, match="nothing was recorded"):
        reproduce(trained.project, trained.book, f"{MODEL}@1")


def test_a_run_of_mlflow_names_its_version(trained: Shop) -> None:
    """
    The id that MLflow gave leads to the version as our own name of the run does.
    """
    shown = recorded.tracked(trained.project, MODEL, 2)
    assert shown is not None
    assert msgspec.structs.asdict(shown).keys() == {"experiment", "run"}
    by_run = named(trained.project, trained.book, read.versions(trained.book, MODEL)[1].run_id)

    assert named(trained.project, trained.book, shown.run) == by_run
    assert by_run.version == 2
