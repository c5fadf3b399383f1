"""The lineage as cards and joints: relations and models as a whole, or one column with all that it is made from and goes into."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from shipworthy.console.drawing.cards import Card, Drawing, Joint, Row, drawing
from shipworthy.console.lineage import KINDS, column_place, place_of_node
from shipworthy.lineage.graph import Edge, Graph, How, Node, Place, between_nodes

VALUES: tuple[How, ...] = ("same", "computed")
MARKS = {"fail": "✕", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Near:
    """A node or a column on the way, as a list tells it: what it is, how far away, and how it is used."""

    node: Node
    column: str | None
    how: str


def whole(found: Graph, nodes: Collection[str], here: str | None, outcomes: Mapping[str, str], *, tight: bool = False) -> Drawing:
    """Return the picture of `nodes` and what joins them; `here` is the one that the page is about.

    `outcomes` are those of the data by what verdicts call it, which is a node's name: what failed is marked.
    """
    cards = [_card(found, found.nodes[node], here, outcomes) for node in found.nodes if node in nodes]
    joints = [
        Joint(source, target, joint_kind(how))
        for (source, target), how in between_nodes(found).items()
        if source in nodes and target in nodes
    ]
    return drawing(cards, joints, tight=tight)


def joint_kind(how: Collection[How]) -> str:
    """Return how a line between two nodes looks: by what goes over from one to the other.

    >>> joint_kind({"reads", "same"}), joint_kind({"reads", "rows"}), joint_kind({"meant"})
    ('values', 'rows', 'meant')
    """
    if {"whole", *VALUES} & set(how):
        return "values"
    return "meant" if set(how) == {"meant"} else "rows"


def _card(found: Graph, node: Node, here: str | None, outcomes: Mapping[str, str], rows: tuple[Row, ...] = ()) -> Card:
    outcome = outcomes.get(node.name, "") if node.kind in ("source", "seed", "snapshot", "model") else ""
    mark = MARKS.get(outcome, "")
    said = f", {'its checks failed' if outcome == 'fail' else 'its checks cannot tell'}" if mark else ""
    words = f"{KINDS[node.kind]} {node.name}{said}"
    look = node.kind + (f" {outcome}" if mark else "")
    return Card(node.id, node.name, look, words, place_of_node(found, node.id), rows, node.id == here, mark)


def of_column(found: Graph, start: Place, outcomes: Mapping[str, str]) -> Drawing:
    """Return the picture of a column: the columns that its values come from, and those that they go into, in their cards."""
    places = way(found, start)
    columns: dict[str, list[str]] = {}
    for place in places:
        columns.setdefault(place.node, []).extend([place.column] if place.column else [])
    rows = {
        node: tuple(Row(name, column_place(node, name), Place(node, name) == start) for name in found.nodes[node].columns if name in held)
        for node, held in columns.items()
    }
    cards = [_card(found, node, start.node, outcomes, rows[node.id]) for node in found.nodes.values() if node.id in rows]
    joints = [_joint(edge) for edge in _among(found, places)]
    return drawing(cards, list(dict.fromkeys(joints)))


def _joint(edge: Edge) -> Joint:
    return Joint(edge.source.node, edge.target.node, edge.how, edge.source.column, edge.target.column)


def _among(found: Graph, places: Collection[Place]) -> list[Edge]:
    nodes = {place.node for place in places}
    return [
        edge
        for edge in found.edges
        if edge.target in places and ((edge.how in VALUES and edge.source in places) or (edge.how == "whole" and edge.source.node in nodes))
    ]


def way(found: Graph, start: Place) -> dict[Place, None]:
    """Return every place that the values of `start` come from or go into, with `start`; a node as a whole where no more can be told."""
    before = _walked(start, lambda place: [edge.source for edge in found.into.get(place, ()) if edge.how in ("whole", *VALUES)])
    after = _walked(start, lambda place: _after(found, place))
    return {**before, **after}


def _after(found: Graph, place: Place) -> list[Place]:
    own = [edge.target for edge in found.out_of.get(place, ()) if edge.how in VALUES]
    return own + [edge.target for edge in found.out_of.get(Place(place.node), ()) if edge.how == "whole"]


def _walked(start: Place, step: Callable[[Place], Iterable[Place]]) -> dict[Place, None]:
    seen: dict[Place, None] = {start: None}
    waiting = deque([start])
    while waiting:
        for place in step(waiting.popleft()):
            if place not in seen:
                seen[place] = None
                waiting.append(place)
    return seen


def nearest(found: Graph, start: Place, *, up: bool) -> list[Near]:
    """Return what the column `start` is made from directly (`up`), or what is made from it, each with how."""
    if up:
        places = [(edge.source, edge.how) for edge in found.into.get(start, ()) if edge.how in VALUES]
    else:
        whole_of = [edge for edge in found.out_of.get(Place(start.node), ()) if edge.how == "whole"]
        edges = [edge for edge in found.out_of.get(start, ()) if edge.how in ("rows", *VALUES)] + whole_of
        places = [(edge.target, edge.how) for edge in edges]
    return [Near(found.nodes[place.node], place.column, how) for place, how in dict.fromkeys(places)]
