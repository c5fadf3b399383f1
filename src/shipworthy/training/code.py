"""What a run was made with: the version of the project's code, and the installed packages."""

import platform
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

LONGEST_DIFF = 200_000  # characters
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class CodeVersion:
    """The commit of a project, and what stood in its tracked files beyond it: `diff` is empty for a clean tree.

    >>> CodeVersion("1b30e2e4f0", "").words
    '1b30e2e4f0'
    >>> CodeVersion("1b30e2e4f0", "- a + b").words
    '1b30e2e4f0 with changes eee41b880e2c'
    """

    commit: str
    diff: str

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
    return CodeVersion(commit, "\n".join(part for part in (changes[:LONGEST_DIFF], new) if part))


def environment() -> str:
    """Return Python, platform and every installed package with its version, one to a line, in the manner of requirements."""
    packages = sorted(
        {f"{package.metadata['Name']}=={package.version}" for package in distributions() if package.metadata["Name"]}, key=str.lower
    )
    return "\n".join([f"# Python {platform.python_version()} on {platform.platform()}", *packages]) + "\n"


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git says; None where it cannot say it."""
    command = ["git", "-c", "core.quotePath=false", "-C", str(folder), *arguments]
    try:
        said = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE_SECONDS, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return said.stdout.strip() if said.returncode == 0 else None
