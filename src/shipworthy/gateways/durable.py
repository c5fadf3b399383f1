"""Files that are on disk when a call returns: a power cut takes neither their content nor their name."""

import os
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Write `content` to `path` and bring it to disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def rename(source: Path, target: Path) -> None:
    """Rename `source`, a file or a folder, to `target`, replacing a file, and bring the name to disk.

    Raises:
        OSError: `target` is a folder that is not empty.
    """
    source.replace(target)
    _to_disk(target.parent)


def finish(source: Path, target: Path) -> None:
    """Bring `source`, a file that was written by somebody else, to disk, and rename it to `target`."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    rename(source, target)


def make(folder: Path) -> Path:
    """Make `folder` and those above it where they are not there, bring their names to disk, and return it."""
    if not folder.is_dir():
        make(folder.parent)
        folder.mkdir(exist_ok=True)
        _to_disk(folder.parent)
    return folder


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
