"""Where a page or a file is found: by address in the live console, by relative path among exported files.

A place is a tuple of names: `()` is home, `("models", "churn")` a model's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

Place = Sequence[str]


class Links(Protocol):
    """Turns places into what `href` and `src` hold."""

    def page(self, place: Place) -> str:
        """Return the link to the page at `place`."""

    def file(self, place: Place) -> str:
        """Return the link to the picture or style sheet at `place`."""

    @property
    def answer(self) -> bool:
        """Whether somebody answers a question in an address: what stands after the `?`."""


@dataclass(frozen=True, slots=True)
class Live:
    """Links of the live console.

    >>> Live().page(("data", "a/b")), Live().page(())
    ('/data/a%2Fb', '/')
    """

    def page(self, place: Place) -> str:
        """Return the address of the page at `place`."""
        return "/" + "/".join(quote(name, safe="") for name in place)

    def file(self, place: Place) -> str:
        """Return the address of the file at `place`."""
        return self.page(place)

    @property
    def answer(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True)
class Files:
    """Links of the page at `at` among exported files: relative, so that they open from anywhere.

    >>> Files(("models", "churn")).page(()), Files(("data",)).page(("data", "plan")), Files(()).file(("static", "a.css"))
    ('../index.html', 'data/plan.html', 'static/a.css')
    """

    at: Place

    def page(self, place: Place) -> str:
        """Return the relative path to the page at `place`."""
        return self._from_here(page_file(place))

    def file(self, place: Place) -> str:
        """Return the relative path to the file at `place`."""
        return self._from_here(file_path(place))

    @property
    def answer(self) -> bool:
        """Never: files are what they are."""
        return False

    def _from_here(self, path: str) -> str:
        return "../" * page_file(self.at).count("/") + quote(path)


def page_file(place: Place) -> str:
    """Return the path that the page at `place` is exported to, from the export's folder.

    >>> page_file(()), page_file(("data", "../a"))
    ('index.html', 'data/%2E.%2Fa.html')
    """
    return f"{file_path(place)}.html" if place else "index.html"


def file_path(place: Place) -> str:
    """Return the path that the file at `place` is exported to; no name leads out of its folder."""
    return "/".join(_plain(name) for name in place)


def _plain(name: str) -> str:
    plain = quote(name, safe="")
    return f"%2E{plain[1:]}" if plain.startswith(".") else plain
