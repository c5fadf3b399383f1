"""The page of one node of the lineage: what it is made from and what is made from it, as far as the reader wants to see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.drawing.cards import Drawing
from shipworthy.console.history import outcomes_now
from shipworthy.console.lineage import KINDS, beside, column_place, other_page, place_of_node, reaches, sure
from shipworthy.console.lineage_drawing import whole
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms
from shipworthy.errors import UnknownName
from shipworthy.lineage.graph import Graph, Node


@dataclass(frozen=True, slots=True)
class Step:
    """All nodes so many steps away, each with its place."""

    steps: int
    nodes: list[tuple[Node, Place]]


@dataclass(frozen=True, slots=True)
class LineageNodePage(Found):
    """/lineage/{node}/{steps}: one node with what lies one, two, three or all steps around it."""

    template: ClassVar[str] = "lineage_node.html"
    route: ClassVar[Place] = ("lineage", "{node}", "{steps}")

    node: Node
    kind: str
    steps: str
    choices: list[tuple[str, Place]]  # how far one can look
    drawn: Drawing
    up: list[Step]  # what it is made from, nearest first
    down: list[Step]
    columns: list[tuple[str, Place]]
    unread: str | None  # why its columns cannot be told
    tells: Place | None  # the page that tells what it holds

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("lineage", self.node.id, self.steps)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a node."""
        name, steps = names
        known = rooms.lineage
        node = sure(known, name, "/lineage")
        found = known.graph or Graph({}, ())
        shown = reaches(found, name)
        if steps not in shown:
            raise UnknownName.of("reach", steps, known=shown, where=f"/lineage/{name}")
        choices: list[tuple[str, Place]] = [(word, ("lineage", name, word)) for word in shown]
        pages = rooms.named
        return cls(
            rooms.name, rooms.now, node, KINDS[node.kind], steps, choices,
            whole(found, shown[steps], name, outcomes_now(rooms.said, rooms.built)),
            _steps(found, name, up=True), _steps(found, name, up=False), [(column, column_place(name, column)) for column in node.columns],
            found.unread.get(name), other_page(node, pages, rooms.known.models),
        )  # fmt: skip

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every node as far as one can look around it."""
        found = rooms.lineage.graph
        return [(node, word) for node in found.nodes for word in reaches(found, node)] if found else []


def _steps(found: Graph, node: str, *, up: bool) -> list[Step]:
    layers = beside(found, node, up=up)
    return [
        Step(number, [(found.nodes[one], place_of_node(found, one)) for one in sorted(layer, key=lambda one: found.nodes[one].name)])
        for number, layer in enumerate(layers, start=1)
    ]
