"""The door to object storage: what lies under a pattern such as `s3://bucket/folder/*.csv`, and a copy of it.

Credentials and region come from where the store's own tools take them (AWS_ACCESS_KEY_ID, AWS_PROFILE, ...), the
address of a store that is not Amazon's from AWS_ENDPOINT_URL.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from pyarrow import fs

from shipworthy.errors import StepFailed

SCHEME = "://"


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: its name with the scheme, its size in bytes, when it was written in ns."""

    name: str
    size: int
    modified: int


def is_stored(path: str) -> bool:
    """Return whether `path` names objects of a store, not files.

    >>> is_stored("s3://bucket/a.csv"), is_stored("data/a.csv")
    (True, False)
    """
    return SCHEME in path


def listed(pattern: str) -> list[Stored]:
    """Return the objects that `pattern` names, by name; `*` stays within a folder, `**` does not.

    Raises:
        StepFailed: the store cannot be asked.
    """
    scheme, _, path = pattern.partition(SCHEME)
    fixed = re.split(r"[*?\[]", path)[0].rpartition("/")[0]
    wanted = _expression(path)
    try:
        store = _store(scheme, path)
        if store.get_file_info(path.split("/")[0]).type == fs.FileType.NotFound:
            raise _failed(pattern, "no such bucket")
        found = store.get_file_info(fs.FileSelector(fixed, recursive=True, allow_not_found=True))
    except OSError as error:
        raise _failed(pattern, str(error)) from None
    kept = [info for info in found if info.type == fs.FileType.File and wanted.fullmatch(info.path)]
    return [Stored(f"{scheme}{SCHEME}{info.path}", info.size, info.mtime_ns) for info in sorted(kept, key=lambda info: str(info.path))]


def fetch(name: str, into: Path) -> None:
    """Copy the object `name` to the file `into`, piece by piece.

    Raises:
        StepFailed: it cannot be read.
    """
    scheme, _, path = name.partition(SCHEME)
    try:
        with _store(scheme, path).open_input_stream(path) as source, into.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except OSError as error:
        raise _failed(name, str(error)) from None


def _store(scheme: str, path: str) -> fs.FileSystem:
    if scheme == "s3":
        address = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        return fs.S3FileSystem(endpoint_override=address) if address else fs.S3FileSystem()
    return fs.FileSystem.from_uri(f"{scheme}{SCHEME}{path.split('/', maxsplit=1)[0]}")[0]


def _failed(name: str, what: str) -> StepFailed:
    fix = "look at the bucket's name, the credentials in the environment, and AWS_ENDPOINT_URL"
    return StepFailed(where=name, what=what.splitlines()[0], fix=fix)


def _expression(glob: str) -> re.Pattern[str]:
    """Return a glob as an expression.

    >>> bool(_expression("b/*/x*.csv").fullmatch("b/1/x2.csv")), bool(_expression("b/*.csv").fullmatch("b/1/x.csv"))
    (True, False)
    """
    steps = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(steps.get(part, re.escape(part)) for part in parts))
