"""Where each feature of a model comes from: the relation whose loss would take it away."""

from collections.abc import Mapping

from shipworthy.flows import catalog as catalogs
from shipworthy.spec.model import ModelSpec


def features_from(catalog: catalogs.Catalog, spec: ModelSpec) -> dict[str, tuple[str, ...]]:
    """Return the features of each relation of `spec`, by its name, in the order of the spec; the decisions' own are not among them."""
    found: dict[str, tuple[str, ...]] = {}
    for part in spec.features:
        alone = spec.model_copy(update={"features": [part], "decisions": spec.decisions.model_copy(update={"features": []})})
        found[part.relation] = (*found.get(part.relation, ()), *catalogs.descriptions(catalog, alone))
    return found


def groups(catalog: catalogs.Catalog, spec: ModelSpec) -> Mapping[str, tuple[str, ...]]:
    """Return all that can be left out of a model at once: each relation, and each feature that the decisions have of their own."""
    return features_from(catalog, spec) | {name: (name,) for name in spec.decisions.features}


def build_seconds(catalog: catalogs.Catalog, spec: ModelSpec) -> dict[str, float | None]:
    """Return the seconds of the last build that each feature relation of `spec` took, by its name.

    Those of itself and of what it is built from, unless something else that the model reads needs it too: what would be saved without it.
    None where the last build did not say.
    """
    took = {name: catalog.relations[name].get("took") for name in spec.relations}
    found: dict[str, float | None] = {}
    for name in dict.fromkeys(part.relation for part in spec.features):
        own, others = took[name], [said or {} for other, said in took.items() if other != name]
        found[name] = sum(seconds for node, seconds in own.items() if not any(node in said for said in others)) if own else None
    return found
