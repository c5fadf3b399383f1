"""The page of one column of the lineage: the columns that its values come from, and those that they go into."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from shipworthy.console.drawing.cards import Drawing
from shipworthy.console.history import outcomes_now
from shipworthy.console.lineage import KINDS, column_place, other_page, place_of_node, sure
from shipworthy.console.lineage_drawing import Near, nearest, of_column
from shipworthy.console.links import Place
from shipworthy.console.pages.base import Asked, Found
from shipworthy.console.rooms import Rooms
from shipworthy.errors import UnknownName
from shipworthy.lineage.graph import Graph, Node, Origin, origin
from shipworthy.lineage.graph import Place as At


@dataclass(frozen=True, slots=True)
class Use:
    """A column or a whole node beside the column, with its place and how one is made from the other."""

    near: Near
    place: Place


@dataclass(frozen=True, slots=True)
class LineageColumnPage(Found):
    """/lineage/{node}/column/{column}: one column, from its source columns to all that is made from it."""

    template: ClassVar[str] = "lineage_column.html"
    route: ClassVar[Place] = ("lineage", "{node}", "column", "{column}")

    node: Node
    kind: str
    column: str
    node_place: Place
    drawn: Drawing
    made_from: list[Use]
    goes_into: list[Use]
    origins: list[Use]  # the source columns at its beginning
    tells: Place | None

    @property
    def place(self) -> Place:
        """Where the page is found."""
        return ("lineage", self.node.id, "column", self.column)

    @classmethod
    def of(cls, rooms: Rooms, names: Place, asked: Asked) -> Self:
        """Return the page of a column."""
        name, column = names
        known = rooms.lineage
        node, found = sure(known, name, "/lineage"), known.graph or Graph({}, ())
        if column not in node.columns:
            raise UnknownName.of("column", column, known=node.columns, where=f"/lineage/{name}")
        start = At(name, column)
        pages = rooms.named
        origins = [_use(found, Near(found.nodes[one.place.node], one.place.column, "same")) for one in _origins(found, start)]
        return cls(
            rooms.name, rooms.now, node, KINDS[node.kind], column, place_of_node(found, name),
            of_column(found, start, outcomes_now(rooms.said, rooms.built)),
            [_use(found, near) for near in nearest(found, start, up=True)], [_use(found, near) for near in nearest(found, start, up=False)],
            origins, other_page(node, pages, rooms.known.models),
        )  # fmt: skip

    @classmethod
    def all_names(cls, rooms: Rooms) -> Iterable[Place]:
        """Return every column of every node."""
        found = rooms.lineage.graph
        return [(node.id, column) for node in found.nodes.values() for column in node.columns] if found else []


def _use(found: Graph, near: Near) -> Use:
    return Use(near, column_place(near.node.id, near.column) if near.column else place_of_node(found, near.node.id))


def _origins(found: Graph, start: At) -> list[Origin]:
    """Return where the column comes from, without itself."""
    return [one for one in origin(found, start.node, start.column or "") if one.place != start]
