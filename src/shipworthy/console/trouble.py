"""The page of an error: where, what, fix."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shipworthy.console.links import Place
from shipworthy.console.page import Page
from shipworthy.errors import ShipworthyError


@dataclass(frozen=True, slots=True)
class TroublePage(Page):
    """What is shown in place of a page that cannot be."""

    template: ClassVar[str] = "trouble.html"

    title: str
    where: str
    what: str
    fix: str

    @property
    def place(self) -> Place:
        """Nowhere: it stands in for another page."""
        return ()


def trouble_page(project: str, title: str, error: ShipworthyError, now: datetime) -> TroublePage:
    """Return the page that tells of `error`."""
    return TroublePage(project, now, title, error.where, error.what, error.fix)
