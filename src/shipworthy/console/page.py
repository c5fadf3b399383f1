"""What a page is: a frozen dataclass and the template that shows all of it."""

from dataclasses import dataclass, fields
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from shipworthy.console import words
from shipworthy.console.links import Links, Place

LINKS = "links to the other pages"  # no name that a template could ask for


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

    def render(self, links: Links) -> str:
        """Return the page as HTML, its links made by `links`."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return TEMPLATES.get_template(self.template).render(given | {LINKS: links})


@pass_context
def _page(context: Context, place: Place) -> str:
    link: str = context[LINKS].page(place)
    return link


@pass_context
def _file(context: Context, place: Place) -> str:
    link: str = context[LINKS].file(place)
    return link


def breakable(name: str) -> Markup:
    """Return `name`, escaped, that a line may break after each underscore of.

    >>> breakable("late_<b>")
    Markup('late_<wbr>&lt;b&gt;')
    """
    return Markup("_<wbr>").join(name.split("_"))


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("shipworthy.console"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    said = (
        words.number,
        words.count,
        words.between,
        words.day,
        words.moment,
        words.span,
        words.ago,
        words.lasted,
        words.with_unit,
        words.metric,
    )
    made.filters |= {"page": _page, "file": _file, "breakable": breakable} | {say.__name__: say for say in said}
    return made


TEMPLATES = _environment()


def static_files() -> Path:
    """Return the folder of what the pages load: a style sheet, no more."""
    return Path(str(files("shipworthy.console") / "static"))
