"""A graph as it is drawn: cards that are links, some with rows inside, and curves between them; plain numbers for a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from shipworthy.console.drawing.layout import GAP, Box, Course, Layout, Line, Spot, layout
from shipworthy.console.links import Place

LETTER, SIDE = 7.0, 10.0  # pixels: a letter at the size of a card's words, the room beside them
HEAD, ROW = 26.0, 19.0
MOST_LETTERS = 30
TIGHT = 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line inside of a card, such as a column; `here` marks the one that the page is about."""

    name: str
    place: Place | None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What is drawn as a box: `kind` gives it its look, `words` are said by a screen reader, `mark` stands before its label."""

    id: str
    label: str
    kind: str
    words: str
    place: Place | None
    rows: tuple[Row, ...] = ()
    here: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Joint:
    """What is drawn as a line, from card to card or from row to row; `kind` gives it its look."""

    source: str
    target: str
    kind: str
    source_row: str | None = None
    target_row: str | None = None


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row with its place inside of the picture."""

    row: Row
    label: str
    y: float


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A card with its place in the picture."""

    card: Card
    label: str
    spot: Spot
    rows: tuple[DrawnRow, ...]


@dataclass(frozen=True, slots=True)
class DrawnJoint:
    """A line as the path of an SVG; `back` where it closes a circle."""

    kind: str
    path: str
    back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything, and the size of the whole in pixels."""

    cards: tuple[DrawnCard, ...]
    joints: tuple[DrawnJoint, ...]
    width: float
    height: float


def drawing(cards: Sequence[Card], joints: Sequence[Joint], *, tight: bool = False) -> Drawing:
    """Return the picture of `cards`, each once, and of `joints` between them; `tight` lays them close, for a whole project.

    Long labels are cut: the words of a card say all of it.
    """
    head = 20.0 if tight else HEAD
    rows = {card.id: {row.name: head + ROW * (at + 0.5) for at, row in enumerate(card.rows)} for card in cards}
    boxes = tuple(Box(card.id, _width(card), head + ROW * len(card.rows) + (4 if card.rows else 0)) for card in cards)
    lines = tuple(
        Line(joint.source, joint.target, _height(rows, joint.source, joint.source_row), _height(rows, joint.target, joint.target_row))
        for joint in joints
        if joint.source != joint.target
    )
    placed = _placed(boxes, lines, TIGHT if tight else GAP)
    shown = [joint for joint in joints if joint.source != joint.target]
    drawn = [DrawnJoint(joint.kind, _path(course), course.back) for joint, course in zip(shown, placed.courses, strict=True)]
    return Drawing(tuple(_drawn(card, placed.spots[card.id], head) for card in cards), tuple(drawn), placed.width, placed.height)


@lru_cache(maxsize=128)
def _placed(boxes: tuple[Box, ...], lines: tuple[Line, ...], gap: float) -> Layout:
    """Return the layout, kept: the places of a whole project take a while."""
    return layout(boxes, lines, gap)


def _height(rows: dict[str, dict[str, float]], card: str, row: str | None) -> float | None:
    return rows[card][row] if row is not None else None


def _width(card: Card) -> float:
    bold = 1 if card.here or card.kind == "ml" else 0
    letters = max(len(cut(card.label)) + bold + (2 if card.mark else 0), *(len(cut(row.name)) + 1 for row in card.rows), 6)
    return 2 * SIDE + LETTER * letters


def cut(words: str) -> str:
    """Return `words`, its middle left out where it is long: names often differ at their ends.

    >>> cut("orders"), cut("a_very_long_name_of_a_very_long_relation")
    ('orders', 'a_very_long_nam…y_long_relation')
    """
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS // 2]}…{words[-(MOST_LETTERS // 2) :]}"


def _drawn(card: Card, spot: Spot, head: float) -> DrawnCard:
    rows = tuple(DrawnRow(row, cut(row.name), spot.y + head + ROW * at) for at, row in enumerate(card.rows))
    return DrawnCard(card, cut(card.label), spot, rows)


def _path(course: Course) -> str:
    """Return the path through the points of `course`: straight on one height, else a curve that leaves and arrives level."""
    (x, y), *_ = course.points
    parts = [f"M{x:.1f},{y:.1f}"]
    for (left, above), (right, below) in pairwise(course.points):
        middle = (left + right) / 2
        curve = f"C{middle:.1f},{above:.1f} {middle:.1f},{below:.1f} {right:.1f},{below:.1f}"
        parts.append(f"H{right:.1f}" if above == below else curve)
    return " ".join(parts)
