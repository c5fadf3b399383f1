"""The page of the whole lineage: every relation and model, from the sources on the left to the readers on the right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.drawing.cards import Drawing
from shipworthy.console.history import outcomes_now
from shipworthy.console.lineage import KINDS, place_of_node
from shipworthy.console.lineage_drawing import whole
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Entry, Found
from shipworthy.console.rooms import Rooms
from shipworthy.lineage.graph import Graph, Node


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One node of the list beside the picture: how much it is made from, and how much is made from it."""

    node: Node
    place: Place
    reads: int
    read_by: int


@dataclass(frozen=True, slots=True)
class LineagePage(Found):
    """/lineage: what is made from what, the whole project."""

    template: ClassVar[str] = "lineage.html"
    route: ClassVar[Place] = ("lineage",)
    entry: ClassVar[Entry | None] = Entry("Data", "Lineage", 34)

    drawn: Drawing | None  # None before the first build
    kinds: list[tuple[str, list[NodeLine]]]  # by their kind, sources first
    unread: list[tuple[Node, Place, str]]  # nodes whose columns cannot be told, each with its place and the reason
    trouble: str  # why there is no lineage, empty where there is, and before the first build

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return self.route

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of the whole lineage."""
        known = rooms.lineage
        if known.graph is None:
            return cls(rooms.name, rooms.now, None, [], [], known.trouble)
        found = known.graph
        drawn = whole(found, found.nodes, None, outcomes_now(rooms.said, rooms.built), tight=True)
        unread = [(found.nodes[node], place_of_node(found, node), why) for node, why in found.unread.items() if node in found.nodes]
        return cls(rooms.name, rooms.now, drawn, _kinds(found), unread, "")


def _kinds(found: Graph) -> list[tuple[str, list[NodeLine]]]:
    read_by, reads = _counts(found)
    lines = {
        kind: [
            NodeLine(node, place_of_node(found, node.id), reads.get(node.id, 0), read_by.get(node.id, 0))
            for node in sorted(found.nodes.values(), key=lambda node: node.name)
            if node.kind == kind
        ]
        for kind in KINDS
    }
    return [(kind, held) for kind, held in lines.items() if held]


def _counts(found: Graph) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return how many nodes read each node, and how many each reads."""
    pairs = {(edge.source.node, edge.target.node) for edge in found.edges if edge.how != "meant" and edge.source.node != edge.target.node}
    read_by: dict[str, int] = {}
    reads: dict[str, int] = {}
    for source, target in pairs:
        read_by[source] = read_by.get(source, 0) + 1
        reads[target] = reads.get(target, 0) + 1
    return read_by, reads
