"""git, by its command: the files of a project as they are, and as they were at a revision."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from shipworthy.errors import StepFailed

MANIFESTS = "compare two manifests: --before FILE --after FILE"
FIX = f"name a branch, tag or commit that git knows, or {MANIFESTS}"


def resolve(root: Path, revision: str) -> str:
    """Return the commit where the work that now stands in `root` left `revision`: for an ancestor that is itself.

    Raises:
        StepFailed: `root` is not kept by git, or there is no such revision.
    """
    commit = _git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    try:
        return _git(root, "merge-base", "HEAD", commit).decode().strip()
    except StepFailed:  # two histories that never met are compared as they are
        return commit


def extract(root: Path, commit: str, folder: Path) -> None:
    """Write the files below `root` as they were at `commit` into `folder`, without a trace in the repository.

    Raises:
        StepFailed: git cannot say what they were.
    """
    with tarfile.open(fileobj=BytesIO(_git(root, "archive", "--format=tar", commit))) as archive:
        archive.extractall(folder, filter="data")


def copy(root: Path, folder: Path) -> None:
    """Copy the files below `root` as they stand into `folder`: what git keeps, and what it does not know yet, but nothing that it ignores.

    Raises:
        StepFailed: `root` is not kept by git.
    """
    said = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".").decode(errors="surrogateescape")
    for name in filter(None, said.split("\0")):
        source, target = root / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


@contextmanager
def worktree(root: Path, commit: str, patch: bytes = b"") -> Iterator[Path]:
    """Yield a folder that holds the whole repository of `root` as it was at `commit`, with `patch` applied; gone afterwards.

    It is a worktree of that repository: what is done in it reaches no branch and no file of the project. No hook runs.

    Raises:
        StepFailed: git does not know the commit, or the patch does not fit it.
    """
    with TemporaryDirectory(prefix="shipworthy-worktree-") as beside:
        folder = Path(beside).resolve() / "project"
        _git(root, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", str(folder), commit)
        try:
            if patch:
                (Path(beside) / "changes.patch").write_bytes(patch)
                _git(folder, "apply", "--whitespace=nowarn", str(Path(beside).resolve() / "changes.patch"))
            yield folder
        finally:
            _git(root, "worktree", "remove", "--force", str(folder))


def _git(root: Path, *arguments: str) -> bytes:
    try:
        said = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise StepFailed(
            where="git", what="is not installed", fix="install it, or compare two manifests: --before FILE --after FILE"
        ) from None
    if said.returncode != 0:
        words = said.stderr.decode(errors="replace").strip().splitlines()
        raise StepFailed(where=f"git {arguments[0]} in {root}", what=words[-1] if words else "it failed", fix=FIX)
    return said.stdout
