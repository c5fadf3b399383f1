"""Who reads a place in the end, for all places of a graph at once."""

from collections.abc import Mapping

from shipworthy.lineage.graph import Graph, Place, following

Users = Mapping[Place, frozenset[str]]


def users(graph: Graph) -> Users:
    """Return, for each place of `graph`, who reads it in the end: features and labels by `model.feature`, predictions, dashboards.

    The same that `reached` says place by place; what lies downstream is found first and used for all that lies above.
    """
    found: dict[Place, frozenset[str]] = {}
    places = [Place(node.id, column) for node in graph.nodes.values() for column in (None, *node.columns)]
    for place in _last_first(graph, places):
        own: set[str] = set()
        seen, waiting = {place}, [place]
        while waiting:
            for reader in following(graph, waiting.pop()):
                if reader in seen:
                    continue
                seen.add(reader)
                own |= _named(graph, reader)
                if reader in found:
                    own |= found[reader]
                else:
                    waiting.append(reader)  # within a circle: looked through once more
        found[place] = frozenset(own)
    return found


def _last_first(graph: Graph, places: list[Place]) -> list[Place]:
    """Return the places, each after those that it reaches, as far as there is no circle."""
    done: dict[Place, None] = {}
    entered: set[Place] = set()
    waiting = [(place, False) for place in places]
    while waiting:
        place, ready = waiting.pop()
        if ready:
            done.setdefault(place)
        elif place not in entered:
            entered.add(place)
            waiting.append((place, True))
            waiting.extend((reader, False) for reader in following(graph, place) if reader not in entered)
    return list(done)


def _named(graph: Graph, place: Place) -> set[str]:
    node = graph.nodes[place.node]
    if node.kind == "ml":
        return {f"{node.name}.{place.column}"} if place.column else set()
    return {node.name} if node.kind in ("exposure", "metric", "predictions") else set()
