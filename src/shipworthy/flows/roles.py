"""Which features of a model are made from columns that somebody gave a role: sensitive, personal, post_outcome, label, identifier."""

from collections.abc import Collection, Mapping

from shipworthy.flows.lineage import Lineage
from shipworthy.lineage.graph import Place, ancestry

PERSONS = ("personal", "sensitive")


def declared(known: Lineage, roles: Collection[str]) -> dict[Place, str]:
    """Return every column that dbt's YAML gives one of `roles`, with the role."""
    return {
        Place(node.unique_id, column): str(about["role"])
        for node in known.manifest.nodes.values()
        for column, about in node.columns.items()
        if about.get("role") in roles
    }


def reaching(known: Lineage, model: str, roles: Collection[str]) -> Mapping[str, tuple[str, ...]] | None:
    """Return the features of `model` whose values are made from a column with one of `roles`, and those columns.

    None where no column of the project has such a role, or the model is not in the lineage: then nothing can be said.
    """
    graph, delicate = known.graph, declared(known, roles)
    node = graph.nodes.get(f"ml.{model}")
    if not delicate or node is None:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for feature in node.columns:
        above = sorted(ancestry(graph, [Place(node.id, feature)]) & delicate.keys())
        if above and feature != "label":
            found[feature] = tuple(f"{graph.nodes[place.node].name}.{place.column} ({delicate[place]})" for place in above)
    return found
