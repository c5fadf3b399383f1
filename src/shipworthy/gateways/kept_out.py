"""Keeps a library that an import merely looks for from being loaded with it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


@contextmanager
def kept_out(*libraries: str) -> Iterator[None]:
    """Let nothing import any of `libraries` inside, as if they were not installed; one that is loaded already stays as it is.

    >>> with kept_out("this"):
    ...     import this
    Traceback (most recent call last):
    ModuleNotFoundError: No module named 'this'
    """
    absent = _Absent(libraries)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


class _Absent(MetaPathFinder):
    """Finds that a library is not there."""

    def __init__(self, libraries: Sequence[str]) -> None:
        self._libraries = libraries

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Leave any other library to the finders that follow."""
        if fullname in self._libraries:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
