"""What stands above every page: the sections, and the entries of the one that the reader is in."""

from dataclasses import dataclass

from shipworthy.console.links import Place
from shipworthy.console.page import Page
from shipworthy.console.pages.base import Found
from shipworthy.console.places import Kind, page_kinds


@dataclass(frozen=True, slots=True)
class Link:
    """One word of the navigation; `here` if the reader is there or below."""

    word: str
    place: Place
    here: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """The sections; the entries are those of the reader's section, none where there is but one."""

    sections: list[Link]
    entries: list[Link]


def navigation(page: Page) -> Navigation:
    """Return the navigation as the reader of `page` sees it: sections and entries by rank."""
    by_section: dict[str, list[Kind]] = {}
    for kind in sorted((kind for kind in page_kinds().values() if kind.entry), key=_rank):
        by_section.setdefault(section(kind), []).append(kind)
    now = section(type(page))
    own = by_section.get(now, [])
    return Navigation(
        [Link(name, kinds[0].route, name == now) for name, kinds in by_section.items()],
        [Link(kind.entry.word, kind.route, _holds(kind, page)) for kind in own if kind.entry] if len(own) > 1 else [],
    )


def section(kind: type[Page]) -> str:
    """Return the section that pages of `kind` belong to: their own entry's, or that of the page above; "" for none."""
    if not issubclass(kind, Found):
        return ""
    return kind.entry.section if kind.entry else next((section(above) for above in _above(kind)), "")


def _above(kind: Kind) -> list[Kind]:
    """Return the kinds with an entry whose route `kind`'s begins with, the nearest first; a model's page lies below home."""
    held = [other for other in page_kinds().values() if other.entry and tuple(kind.route[: len(other.route)]) == tuple(other.route)]
    return sorted(held, key=lambda other: -len(other.route))


def _rank(kind: Kind) -> int:
    return kind.entry.rank if kind.entry else 0


def _holds(kind: Kind, page: Page) -> bool:
    above = _above(type(page)) if isinstance(page, Found) else []
    return bool(above) and above[0] is kind
