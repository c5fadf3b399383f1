"""git, the real one: the files of a project as they are and as they were."""

import subprocess
from pathlib import Path

import pytest

from shipworthy.errors import StepFailed
from shipworthy.gateways import history


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository, with one commit and changes since."""
    root = tmp_path / "repository" / "shop"
    (root / "models").mkdir(parents=True)
    (root / "models" / "orders.sql").write_text("select 1")
    (root / ".gitignore").write_text("data/\n")
    (root.parent / "other.txt").write_text("not the project's")
    git(root.parent, "init")
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-m", "first")
    (root / "models" / "orders.sql").write_text("select 2")
    (root / "models" / "new.sql").write_text("select 3")
    (root / "data").mkdir()
    (root / "data" / "orders.csv").write_text("id")
    return root


def held(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_files_as_they_were_are_written_out(project: Path, tmp_path: Path) -> None:
    """
    Of the project's folder alone, and the repository does not know of it.
    """
    history.extract(project, history.resolve(project, "HEAD"), tmp_path / "then")

    assert held(tmp_path / "then") == {".gitignore": "data/\n", "models/orders.sql": "select 1"}
    assert git(project, "worktree", "list").count("\n") == 0


def test_files_as_they_stand_are_copied_without_what_is_ignored(project: Path, tmp_path: Path) -> None:
    """
    Changes that nobody has committed count, data do not; a file that is gone is gone.
    """
    (project / "models" / "orders.sql").unlink()
    history.copy(project, tmp_path / "now")

    assert held(tmp_path / "now") == {".gitignore": "data/\n", "models/new.sql": "select 3"}


def test_a_branch_is_compared_where_this_work_left_it(project: Path) -> None:
    """
    What others did on it since is not a change of ours.
    """
    left = git(project, "rev-parse", "HEAD")
    git(project, "switch", "-c", "work")
    git(project, "switch", "main")
    git(project, "commit", "--allow-empty", "-m", "of others")
    git(project, "switch", "work")

    assert history.resolve(project, "main") == left


def test_two_histories_that_never_met_are_compared_as_they_are(project: Path) -> None:
    """
    There is no place where one left the other.
    """
    git(project, "stash", "--include-untracked")
    git(project, "switch", "--orphan", "alone")
    git(project, "commit", "--allow-empty", "-m", "another beginning")

    assert history.resolve(project, "main") == git(project, "rev-parse", "main")


@pytest.mark.parametrize("name", ["no-such-branch", "--help", ""])
def test_a_revision_that_is_none_is_an_error_with_the_other_way(name: str, project: Path) -> None:
    """
    It names what git said, and that two manifests will do.
    """
    with pytest.raises(StepFailed) as error:
        history.resolve(project, name)
    assert "--before FILE" in error.value.fix


def test_a_folder_that_git_does_not_keep_is_an_error(tmp_path: Path) -> None:
    """
    As for a revision.
    """
    with pytest.raises(StepFailed, match="git"):
        history.copy(tmp_path, tmp_path / "now")
