"""The page of the catalog: every column and feature, found by words, and what is computed twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.lineage import Known, place_named
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms
from shipworthy.console.words import count, number
from shipworthy.flows.search import Entry as Held
from shipworthy.flows.search import duplicates, search
from shipworthy.lineage.duplicates import Spot as Computed

QUESTION = "q"
MOST = 200  # lines on one page of the live console
LONGEST = 200  # characters of a question
FEW = 2  # features of a model that are named


@dataclass(frozen=True, slots=True)
class CatalogLine:
    """One relation, column or feature, and the place of its lineage, None where that is not known.

    `facts` are what is known of it in short, `users` who uses it: the features of one model together, where they are many.
    """

    held: Held
    place: Place | None
    facts: list[str]
    users: list[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an expression is computed, in words, and the place of its lineage."""

    words: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Twice:
    """One expression that is computed in several spots, and the source columns that it is made from."""

    spots: list[Spot]
    made_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogPage(Found):
    """/catalog: every column and feature of the project, found by words: `/catalog?q=arrival+delay`."""

    template: ClassVar[str] = "catalog.html"
    route: ClassVar[Place] = ("catalog",)
    entry: ClassVar[Entry | None] = Entry("Data", "Catalog", 33)

    question: str  # empty where all is shown
    lines: list[CatalogLine]  # the best first, or what is used most
    more: int  # found, and not shown
    twice: list[Twice]
    built: bool
    trouble: str  # why nothing can be told, empty if it can

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of what the question asks for; of everything without one."""
        question, known = asked.get(QUESTION, "").strip()[:LONGEST], rooms.lineage
        if known.graph is None:
            return cls(rooms.name, rooms.now, question, [], 0, [], bool(known.trouble), known.trouble)
        found = search(rooms.project, rooms.book, question)
        shown = found[:MOST] if question or len(found) > 5 * MOST else found
        lines = [_line(known, held) for held in shown]
        return cls(rooms.name, rooms.now, question, lines, len(found) - len(shown), _twice(rooms) if not question else [], True, "")


def _line(known: Known, held: Held) -> CatalogLine:
    return CatalogLine(held, place_named(known, held.name), _facts(held), users(held.used_by))


def _facts(held: Held) -> list[str]:
    told = {
        ", ".join(part for part in (held.type, held.unit) if part): bool(held.type or held.unit),
        f"{count(held.rows)} rows": held.rows is not None,
        f"{number(held.age_days)} days old": held.age_days is not None,
        f"known by {held.known_by}": held.known_by is not None,
        f"null share {number(held.null_share)}": held.null_share is not None,
        f"about {count(held.distinct)} values": held.distinct is not None,
        f"importance {number(held.importance)}": held.importance is not None,
        f"tests {', '.join(dict.fromkeys(held.tests))}": bool(held.tests),
        f"owner {held.owner}": held.owner is not None,
        f"from {', '.join(held.comes_from)}": bool(held.comes_from),
    }
    return [fact for fact, known in told.items() if known]


def users(used_by: Sequence[str]) -> list[str]:
    """Return who uses something, the features of one model together where they are more than two.

    >>> users(["churn.age", "churn.plan", "churn.spent", "kpi", "risk.age"])
    ['3 features of churn', 'kpi', 'risk.age']
    """
    by_model: dict[str, list[str]] = {}
    for name in used_by:
        by_model.setdefault(name.partition(".")[0], []).append(name)
    told = [[f"{len(names)} features of {model}"] if len(names) > FEW else names for model, names in by_model.items()]
    return [user for names in told for user in names]


def _twice(rooms: Rooms) -> list[Twice]:
    return [Twice([_spot(rooms.lineage, spot) for spot in one.spots], one.made_from) for one in duplicates(rooms.project)]


def _spot(known: Known, spot: Computed) -> Spot:
    return Spot(spot.words, place_named(known, f"{spot.relation}.{spot.column}"))
