"""The version of a project's code: from a real git repository."""

import subprocess

from shipworthy.training.code import code_version, environment


def git(folder, *arguments):
    """Run git in `folder`."""
    own = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *own, *arguments], check=True, capture_output=True)


def repository(folder):
    """Return a project in git with one commit."""
    project = folder / "project"
    project.mkdir()
    git(folder, "init", "-q")
    (project / "model.yml").write_text("model: late\n")
    git(folder, "add", "project/model.yml")
    git(folder, "commit", "-q", "-m", "first")
    return project


def test_a_clean_tree_is_its_commit(tmp_path):
    """
    A clean tree is told by its commit alone.
    """
    version = code_version(repository(tmp_path))

    assert len(version.commit) == 40
    assert version.words == version.commit
    assert version.diff == ""


def test_changes_are_shown_and_new_files_only_named(tmp_path):
    """
    A change that is not committed is part of the version; a new file shows its name and never what is in it.
    """
    project = repository(tmp_path)
    (project / "model.yml").write_text("model: early\n")
    (project / "keys.txt").write_text("s3cr3t")

    version = code_version(project)

    assert "+model: early" in version.diff
    assert "new file: keys.txt" in version.diff
    assert "s3cr3t" not in version.diff
    assert version.words.startswith(f"{version.commit} with changes ")


def test_a_folder_that_git_does_not_keep_has_no_version(tmp_path):
    """
    Without git, without a commit, and in a folder that the surrounding repository ignores, the version is not known.
    """
    alone = tmp_path / "alone"
    alone.mkdir()
    assert code_version(alone) is None
    git(alone, "init", "-q")
    assert code_version(alone) is None

    outer = tmp_path / "outer"
    outer.mkdir()
    repository(outer)
    (outer / "demo").mkdir()
    assert code_version(outer / "demo") is None


def test_the_code_version_is_unknown_where_git_is_not_installed(tmp_path, monkeypatch):
    """
    No git on the machine is an unknown version, not a failure.
    """
    monkeypatch.setenv("PATH", str(tmp_path))

    assert code_version(tmp_path) is None


def test_the_environment_names_python_and_packages():
    """
    The environment can be installed again from what is written of it.
    """
    lines = environment().splitlines()

    assert lines[0].startswith("# Python 3.")
    assert any(line.startswith("lightgbm==") for line in lines)
    assert lines[1:] == sorted(lines[1:], key=str.lower)
