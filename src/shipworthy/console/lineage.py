"""What pages show of the lineage: the graph if there is one, the part around a node, and where its nodes have pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from shipworthy.console.catalog import LANDED
from shipworthy.console.links import Place
from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.flows.lineage import TARGET, graph
from shipworthy.lineage.graph import Graph, Node, between_nodes
from shipworthy.spec.project import Project

KINDS: Mapping[str, str] = {
    "source": "source", "seed": "seed", "snapshot": "snapshot", "model": "relation", "outside": "outside of dbt", "ml": "model",
    "predictions": "predictions", "exposure": "reader", "metric": "metric",
}  # fmt: skip
ALL = "all"
USUAL, FARTHEST = 2, 3  # steps


@dataclass(frozen=True, slots=True)
class Known:
    """The lineage of a project; None where there is none, and `trouble` says why, empty before the first build."""

    graph: Graph | None
    trouble: str = ""


def known_lineage(project: Project) -> Known:
    """Return the lineage of `project` as of its last build. A mistake in a file takes no page away: it is told."""
    if not (project.state / TARGET / "manifest.json").is_file():
        return Known(None)
    try:
        return Known(graph(project))
    except ShipworthyError as error:
        return Known(None, str(error))


def sure(known: Known, node: str, where: str) -> Node:
    """Return the node whose id is `node`.

    Raises:
        UnknownName: there is none.
    """
    nodes = known.graph.nodes if known.graph else {}
    if node not in nodes:
        raise UnknownName.of("node", node, known=nodes, where=where)
    return nodes[node]


def beside(found: Graph, node: str, *, up: bool) -> list[list[str]]:
    """Return the nodes that `node` is made from (`up`) or that are made from it, by their distance, nearest first."""
    following: dict[str, list[str]] = {}
    for (source, target), how in between_nodes(found).items():
        if how != {"meant"}:
            following.setdefault(target if up else source, []).append(source if up else target)
    seen, layers = {node}, [[node]]
    while layers[-1]:
        near = dict.fromkeys(other for one in layers[-1] for other in following.get(one, ()) if other not in seen)
        seen |= near.keys()
        layers.append(list(near))
    return layers[1:-1]


def reaches(found: Graph, node: str) -> dict[str, set[str]]:
    """Return the nodes within one step of `node`, two, three, and all, by those words.

    What shows no more than the one before is left out.
    """
    up, down = beside(found, node, up=True), beside(found, node, up=False)
    wanted = {str(steps): steps for steps in range(1, FARTHEST + 1)} | {ALL: max(len(up), len(down))}
    shown = {word: {node, *_flat(up[:steps]), *_flat(down[:steps])} for word, steps in wanted.items()}
    kept: dict[str, set[str]] = {}
    for word, nodes in shown.items():
        if not kept or nodes != list(kept.values())[-1]:
            kept[word] = nodes
    return kept


def _flat(layers: Iterable[Iterable[str]]) -> list[str]:
    return [node for layer in layers for node in layer]


def place_of_node(found: Graph, node: str) -> Place:
    """Return the place of the page of `node` as it is usually shown: two steps around it, or fewer where there are no more."""
    words = list(reaches(found, node))
    return ("lineage", node, str(USUAL) if str(USUAL) in words else words[0])


def column_place(node: str, column: str) -> tuple[str, ...]:
    """Return the place of the page of a column."""
    return ("lineage", node, "column", column)


def relation_of_node(node: Node) -> str:
    """Return the name of the relation that `node` is on the pages of the data."""
    return node.name.removeprefix(LANDED) if node.kind == "source" else node.name


def other_page(node: Node, relations: Collection[str], models: Collection[str]) -> Place | None:
    """Return the place of the page that tells what `node` holds, None if there is none."""
    if node.kind == "ml":
        return ("models", node.name) if node.name in models else None
    name = relation_of_node(node)
    return ("data", name) if name in relations and node.kind in ("source", "seed", "snapshot", "model") else None


def node_of_relation(known: Known, relation: str, *, source: bool) -> Node | None:
    """Return what is `relation` on the pages of the data, None if there is no such node."""
    kinds = ("source",) if source else ("model", "seed", "snapshot")
    nodes = known.graph.nodes.values() if known.graph else ()
    return next((node for node in nodes if node.kind in kinds and relation_of_node(node) == relation), None)


def place_of_relation(known: Known, relation: str, *, source: bool) -> Place | None:
    """Return the place of the lineage of a relation, None if there is none."""
    found = node_of_relation(known, relation, source=source)
    return place_of_node(known.graph, found.id) if known.graph and found else None


def place_of_model(known: Known, model: str) -> Place | None:
    """Return the place of the lineage of a model, None if there is none."""
    node = f"ml.{model}"
    return place_of_node(known.graph, node) if known.graph and node in known.graph.nodes else None


def place_named(known: Known, name: str) -> Place | None:
    """Return the place of the lineage of what people call `name`, a node or `node.column`; None if there is none."""
    if known.graph is None:
        return None
    by_name = {node.name: node for node in known.graph.nodes.values()}
    whole, _, column = name.rpartition(".")
    if whole in by_name and column in by_name[whole].columns:
        return column_place(by_name[whole].id, column)
    return place_of_node(known.graph, by_name[name].id) if name in by_name else None
