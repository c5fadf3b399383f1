"""What a page is: a frozen dataclass, and the template that shows all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shipworthy.console.links import Place


@dataclass(frozen=True, slots=True)
class Page:
    """What every page is given."""

    template: ClassVar[str]

    project: str
    now: datetime

    @property
    def place(self) -> Place:
        """Where the page is found."""
        raise NotImplementedError
