"""The lineage of a project as a plain structure: nodes with columns, and edges that say how one place is made from another.

Its shape is told in `docs/lineage.md`. Who draws it, searches it or asks where a column comes from reads this and nothing else.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from shipworthy.errors import UnknownName

Kind = Literal["source", "seed", "snapshot", "model", "outside", "ml", "predictions", "exposure", "metric"]
How = Literal["same", "computed", "rows", "reads", "whole", "meant"]


class Place(NamedTuple):
    """A column of a node, or all of its rows where `column` is None."""

    node: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """Something with rows, or somebody who reads them.

    Args:
        id: dbt's unique id, `ml.NAME` for a model of the project, `outside.NAME` for a table that dbt knows nothing of.
        kind: source, seed, snapshot or model of dbt; outside; ml (its columns are its features and `label`); predictions
            (a table that Shipworthy writes); exposure (a dashboard, a report: somebody who reads).
        name: what people call it: `landed.orders` for a source, else the name alone.
        columns: the names of its columns, as far as they are known, in order.
        file: where it is written, from the project's folder; "" where it is not known.
        description: what it is; "" where nobody said.
        owner: who answers for it; None where nobody said.
    """

    id: str
    kind: Kind
    name: str
    columns: tuple[str, ...] = ()
    file: str = ""
    description: str = ""
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One step from `source` to `target`.

    Args:
        source: what is read.
        target: what is made from it.
        how: `same` (handed on, perhaps under another name), `computed`, `rows` (the column only decides which rows there are: a
            filter, a join, a grouping; the target is the node as a whole, or a feature that is found by it; a model has the rows of
            its decisions and label). Between nodes: `reads`, beside the edges of its columns;
            `whole`, where the target reads everything or its columns cannot be told; `meant`, from a model to the business
            metric that it is to move.
    """

    source: Place
    target: Place
    how: How


class Origin(NamedTuple):
    """Where a column comes from: the place, and the path there from the column asked for, both ends included."""

    place: Place
    path: tuple[Place, ...]


@dataclass(frozen=True)
class Graph:
    """All nodes by id, and all edges. There may be circles: a model may be meant to move a metric that it is built from.

    Args:
        nodes: by id.
        edges: each once.
        unread: the nodes whose columns could not be told, or not all of them, each with the reason.
        missing: edges that somebody asks for and that cannot be: the source is a column which its node does not have.
    """

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    unread: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Edge, ...] = ()

    @cached_property
    def out_of(self) -> Mapping[Place, Sequence[Edge]]:
        """The edges by what they read."""
        return _by(self.edges, [edge.source for edge in self.edges])

    @cached_property
    def into(self) -> Mapping[Place, Sequence[Edge]]:
        """The edges by what they make."""
        return _by(self.edges, [edge.target for edge in self.edges])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The id of each node by its name, and by the last part of it where that is nobody else's."""
        lasts = Counter(node.name.rpartition(".")[2] for node in self.nodes.values())
        short = {node.name.rpartition(".")[2]: node.id for node in self.nodes.values()}
        return {last: found for last, found in short.items() if lasts[last] == 1} | {node.name: node.id for node in self.nodes.values()}


def _by(edges: Sequence[Edge], places: Sequence[Place]) -> dict[Place, list[Edge]]:
    found: dict[Place, list[Edge]] = {}
    for place, edge in zip(places, edges, strict=True):
        found.setdefault(place, []).append(edge)
    return found


def find(graph: Graph, name: str, column: str | None = None) -> Place:
    """Return the place that people mean by `name`: an id, a name, or the last part of one; and `column`, if given.

    Raises:
        UnknownName: nothing is called so.
    """
    found = name if name in graph.nodes else graph.names.get(name)
    if found is None:
        raise UnknownName.of("relation or model", name, known=graph.names, where="lineage")
    node = graph.nodes[found]
    if column is not None and column not in node.columns and found not in graph.unread:
        raise UnknownName.of("column", column, known=node.columns, where=node.name)
    return Place(found, column)


def origin(graph: Graph, relation: str, column: str) -> list[Origin]:
    """Return the source columns that `column` of `relation` is made from, each with a shortest path, nearest first.

    What only decides the rows is left out. Where the columns of a node on the way cannot be told, all that it reads is an
    origin as a whole: a place without a column. A column made from no column, such as a constant, has no origin.

    Raises:
        UnknownName: there is no such relation or column.
    """
    start = find(graph, relation, column)
    came: dict[Place, Place | None] = {start: None}
    waiting, found = deque([start]), []
    while waiting:
        place = waiting.popleft()
        before = [edge.source for edge in _made_from(graph, place)]
        if not before and _first(graph, place):
            found.append(Origin(place, path(came, place)))
        for source in before:
            if source not in came:
                came[source] = place
                waiting.append(source)
    return found


def upstream(graph: Graph, node: str) -> set[tuple[str, str]]:
    """Return every column that a column of `node` is made from, by the name of its relation and its own.

    Raises:
        UnknownName: there is no such node.
    """
    places = [Place(node, column) for column in graph.nodes[find(graph, node).node].columns]
    return {(graph.nodes[place.node].name, place.column) for place in ancestry(graph, places) if place.column is not None}


def ancestry(graph: Graph, places: Iterable[Place]) -> set[Place]:
    """Return every place that the values of `places` are made from, those themselves included."""
    waiting = list(places)
    seen = set(waiting)
    while waiting:
        before = [edge.source for edge in _made_from(graph, waiting.pop()) if edge.source not in seen]
        seen.update(before)
        waiting += before
    return seen


def ancestors_of(graph: Graph, node: str) -> set[str]:
    """Return the ids of all nodes that `node` reads, directly or through others."""
    reads: dict[str, set[str]] = {}
    for (source, target), how in between_nodes(graph).items():
        if how != {"meant"}:
            reads.setdefault(target, set()).add(source)
    seen, waiting = set[str](), [node]
    while waiting:
        fresh = reads.get(waiting.pop(), set()) - seen
        seen |= fresh
        waiting += fresh
    return seen - {node}


def _made_from(graph: Graph, place: Place) -> Sequence[Edge]:
    """Return the edges that make the values of `place`."""
    if place.column is None:
        return [edge for edge in graph.into.get(place, ()) if edge.how in ("reads", "whole") and edge.source.column is None]
    own = [edge for edge in graph.into.get(place, ()) if edge.how in ("same", "computed")]
    unread = graph.nodes[place.node].id in graph.unread and not own
    return graph.into.get(Place(place.node), ()) if unread else own


def _first(graph: Graph, place: Place) -> bool:
    """Return whether nothing lies before the node of `place`."""
    return not any(edge.how in ("reads", "whole") for edge in graph.into.get(Place(place.node), ()))


def path(came: Mapping[Place, Place | None], place: Place) -> tuple[Place, ...]:
    """Return the way to `place` from where a search began: `came` says from where each place was reached."""
    steps: list[Place] = []
    step: Place | None = place
    while step is not None:
        steps.append(step)
        step = came[step]
    return tuple(reversed(steps))


def reached(graph: Graph, places: Iterable[Place]) -> dict[Place, Place | None]:
    """Return every place that a change of `places` reaches, each with the place that it was reached from, None for a start.

    A column reaches what is made from it, and all of a node whose rows it decides, or whose columns cannot be told. The
    rows of a node reach its columns and whoever reads it; of a model of the project only the features from there, unless it has
    these very rows. Other rows do not change the values of its features. What a model is meant to move is not reached by it.
    """
    came: dict[Place, Place | None] = dict.fromkeys(places)
    waiting = deque(came)
    while waiting:
        place = waiting.popleft()
        for target in following(graph, place):
            if target not in came:
                came[target] = place
                waiting.append(target)
    return came


def following(graph: Graph, place: Place) -> list[Place]:
    """Return what a change of `place` reaches at once, as `reached` goes on from there."""
    of_node = graph.out_of.get(Place(place.node), ())
    if place.column is not None:
        own = [edge.target for edge in graph.out_of.get(place, ()) if edge.how != "meant"]
        return own + [edge.target for edge in of_node if edge.how == "whole"]
    columns = [] if _is_model(graph, place) else [Place(place.node, column) for column in graph.nodes[place.node].columns]
    return columns + [
        edge.target for edge in of_node if edge.how != "meant" and not (edge.how == "reads" and _is_model(graph, edge.target))
    ]


def _is_model(graph: Graph, place: Place) -> bool:
    return graph.nodes[place.node].kind == "ml"


def neighbourhood(graph: Graph, node: str, *, steps: int = 1) -> Graph:
    """Return the part of `graph` within `steps` of `node`, both ways, with the edges among its nodes.

    Raises:
        UnknownName: there is no such node.
    """
    inside = {find(graph, node).node}
    for _ in range(steps):
        beside = [(edge.source.node, edge.target.node) for edge in graph.edges]
        inside |= {other for pair in beside for other in pair if inside & set(pair)}
    edges = tuple(edge for edge in graph.edges if {edge.source.node, edge.target.node} <= inside)
    return Graph(
        {name: found for name, found in graph.nodes.items() if name in inside},
        edges,
        {name: why for name, why in graph.unread.items() if name in inside},
    )


def between_nodes(graph: Graph) -> dict[tuple[str, str], set[How]]:
    """Return the edges of `graph` without their columns: from node to node, and in which ways."""
    found: dict[tuple[str, str], set[How]] = {}
    for edge in graph.edges:
        found.setdefault((edge.source.node, edge.target.node), set()).add(edge.how)
    return found
