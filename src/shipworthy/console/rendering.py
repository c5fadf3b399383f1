"""Makes a page HTML: its template is given all that the page holds, and nothing else."""

from dataclasses import fields
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from shipworthy.console import words
from shipworthy.console.links import Links, Place
from shipworthy.console.navigation import Navigation, navigation
from shipworthy.console.page import Page

LINKS, NAVIGATION = "links to the other pages", "navigation of this page"  # no names that a template could ask for


def render(page: Page, links: Links) -> str:
    """Return `page` as HTML, its links made by `links`."""
    given = {field.name: getattr(page, field.name) for field in fields(page)}
    return TEMPLATES.get_template(page.template).render(given | {LINKS: links, NAVIGATION: navigation(page)})


@pass_context
def _page(context: Context, place: Place) -> str:
    link: str = context[LINKS].page(place)
    return link


@pass_context
def _file(context: Context, place: Place) -> str:
    link: str = context[LINKS].file(place)
    return link


@pass_context
def _navigation(context: Context) -> Navigation:
    """Return the navigation of the page that is rendered."""
    made: Navigation = context[NAVIGATION]
    return made


@pass_context
def _answers(context: Context) -> bool:
    """Return whether a form of the page would be answered."""
    links: Links = context[LINKS]
    return links.answer


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
        words.cell,
        words.largest,
        words.raw,
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
    made.globals |= {"navigation": _navigation, "answers": _answers}
    return made


TEMPLATES = _environment()


def static_files() -> Path:
    """Return the folder of what the pages load: a style sheet, no more."""
    return Path(str(files("shipworthy.console") / "static"))
