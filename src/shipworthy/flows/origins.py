"""Where the features that a finding blames come from: the relation that gives each, and the source columns that it is made from."""

from collections.abc import Mapping, Sequence

from shipworthy.checks.training_set.base.frame import Feature
from shipworthy.flows.lineage import graph
from shipworthy.lineage.graph import Graph, Place, origin
from shipworthy.spec.project import Project

MOST = 3  # columns that are named in words


def origins(project: Project, features: Mapping[str, Feature], blamed: Sequence[str]) -> dict[str, dict[str, object]]:
    """Return the evidence of where the `blamed` features come from, nothing where none of them is a feature.

    `origin` has for each feature the `relation.column` that gives it, `sources` the columns that it is made from, by the lineage.
    """
    known = {name: features[name] for name in blamed if name in features}
    if not known:
        return {}
    drawn = graph(project)
    return {
        "origin": {name: f"{feature.relation}.{feature.column}" for name, feature in known.items()},
        "sources": {name: _sources(drawn, feature) for name, feature in known.items()},
    }


def in_words(found: Mapping[str, Mapping[str, object]], name: str) -> str:
    """Return in a sentence where the feature `name` comes from, nothing where that is not known.

    >>> in_words({"origin": {"a": "orders.fee"}, "sources": {"a": ["landed.orders.fee"]}}, "a")
    'It is orders.fee, made from landed.orders.fee.'
    """
    place = found.get("origin", {}).get(name)
    if place is None:
        return ""
    sources = found["sources"][name]
    assert isinstance(sources, list)
    more = f" and {len(sources) - MOST} more" if len(sources) > MOST else ""
    made = f", made from {', '.join(sources[:MOST])}{more}" if sources and sources != [place] else ""
    return f"It is {place}{made}."


def _sources(drawn: Graph, feature: Feature) -> list[str]:
    return [_named(drawn, found.place) for found in origin(drawn, feature.relation, feature.column)]


def _named(drawn: Graph, place: Place) -> str:
    name = drawn.nodes[place.node].name
    return f"{name}.{place.column}" if place.column else name
