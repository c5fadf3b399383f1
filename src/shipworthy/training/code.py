"""What a run was made with: the version of the project's code, and the installed packages."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from shipworthy.training.installed import installed

LONGEST_DIFF = 200_000  # characters
LARGEST_NEW = 1_000_000  # bytes of one new file
LEARNT_FROM = ("ml", "shipworthy.yml")  # what a training reads of a project, and so what is kept of new files
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class CodeVersion:
    """The commit of a project, and what stood in its tracked files beyond it: `diff` is empty for a clean tree.

    `folder` is where the project lies in its repository, empty at its top.

    >>> CodeVersion("1b30e2e4f0", "").words
    '1b30e2e4f0'
    >>> CodeVersion("1b30e2e4f0", "- a + b").words
    '1b30e2e4f0 with changes eee41b880e2c'
    """

    commit: str
    diff: str
    folder: str = ""

    @property
    def words(self) -> str:
        """The version in one line; the same changes give the same words."""
        return f"{self.commit} with changes {sha256(self.diff.encode()).hexdigest()[:12]}" if self.diff else self.commit


def code_version(folder: Path) -> CodeVersion | None:
    """Return the version of the code in `folder`; None where git is not there, or does not keep this folder.

    The changes of tracked files in `folder` are shown in full up to 200,000 characters; of files that git does not know
    yet only the names: they may hold anything.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    kept = _git(folder, "ls-files", "--", ".")
    if not commit or not kept:
        return None
    changes = _git(folder, "diff", "HEAD", "--no-color", "--no-ext-diff", "--", ".") or ""
    unknown = (_git(folder, "ls-files", "--others", "--exclude-standard", "--", ".") or "").splitlines()
    new = "\n".join(f"new file: {name}" for name in unknown)
    inside = _git(folder, "rev-parse", "--show-prefix") or ""
    return CodeVersion(commit, "\n".join(part for part in (changes[:LONGEST_DIFF], new) if part), inside.rstrip("/"))


@dataclass(frozen=True, slots=True)
class Changes:
    """What stands in a project beyond its commit: as a patch that git can apply, and the new files that are not in it, by name."""

    patch: bytes
    left_out: tuple[str, ...]


def changes(folder: Path) -> Changes:
    """Return what stands in `folder` beyond its commit; nothing of it where git does not keep the folder.

    Changes of tracked files are in the patch whole. Of files that git does not know yet those that a training reads are in it, up to
    1 MB each: `ml/` and `shipworthy.yml`. The rest may hold anything, and is named alone. The repository is not touched.
    """
    unknown = (_git(folder, "ls-files", "--others", "--exclude-standard", "--", ".") or "").splitlines()
    new = [name for name in unknown if name.split("/")[0] in LEARNT_FROM and (folder / name).stat().st_size <= LARGEST_NEW]
    index = _git(folder, "rev-parse", "--path-format=absolute", "--git-path", "index")
    with TemporaryDirectory(prefix="shipworthy-") as beside:
        own = {"GIT_INDEX_FILE": f"{beside}/index"}
        if index and Path(index).is_file():
            shutil.copyfile(index, own["GIT_INDEX_FILE"])
        if new:
            _git(folder, "add", "--intent-to-add", "--", *new, **own)
        patch = _said(folder, "diff", "HEAD", "--binary", "--no-color", "--no-ext-diff", "--no-textconv", "--", ".", **own)
    return Changes(patch or b"", tuple(name for name in unknown if name not in new))


def environment() -> str:
    """Return Python, platform and every installed package with its version, one to a line, in the manner of requirements."""
    packages = sorted((f"{name}=={version}" for name, version in installed().items()), key=str.lower)
    return "\n".join([f"# Python {platform.python_version()} on {platform.platform()}", *packages]) + "\n"


def _git(folder: Path, *arguments: str, **environment: str) -> str | None:
    """Return what git says; None where it cannot say it."""
    said = _said(folder, *arguments, **environment)
    return None if said is None else said.decode(errors="replace").strip()


def _said(folder: Path, *arguments: str, **environment: str) -> bytes | None:
    command = ["git", "-c", "core.quotePath=false", "-C", str(folder), *arguments]
    try:
        said = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False, env={**os.environ, **environment})
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return said.stdout if said.returncode == 0 else None


def first_said(folder: Path, word: str) -> datetime | None:
    """Return when `word` was first written in a file of `folder` that git keeps; None where git cannot say."""
    said = _git(folder, "log", "--reverse", "--format=%cI", f"-S{word}", "--", ".")
    return datetime.fromisoformat(said.splitlines()[0]).astimezone(UTC) if said else None


def reviewer(folder: Path, commit: str, path: str) -> str | None:
    """Return who reviewed the last change of `path` as of `commit`, by its trailer `Reviewed-by`; None where nobody is on record."""
    said = _git(folder, "log", "-1", "--format=%(trailers:key=Reviewed-by,valueonly)", commit, "--", path)
    return said.splitlines()[0].strip() if said else None
