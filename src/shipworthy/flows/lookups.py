"""How the service finds the features of a model by itself: said once, when it is packaged, from its spec and relations."""

from collections.abc import Mapping

from shipworthy.data.keys import key_kind
from shipworthy.data.parts import parts
from shipworthy.data.relation import Relation
from shipworthy.registry.schema import Key, Lookup
from shipworthy.spec.model import ModelSpec


def lookups_of(spec: ModelSpec, relations: Mapping[str, Relation]) -> tuple[Lookup, ...]:
    """Return a lookup for each feature relation of `spec` that gives the model at least one feature."""
    found = []
    decided = relations[spec.decisions.relation]
    for said, part in zip(spec.features, parts(spec, relations), strict=True):
        keys = tuple(_key(spec, decided, name) for name in part.keys)
        age = None if part.max_age is None else part.max_age.total_seconds()
        if part.columns:
            found.append(Lookup(part.alias, part.relation.name, keys, dict(part.columns), age, said.may_be_sent))
    return tuple(found)


def _key(spec: ModelSpec, decided: Relation, name: str) -> Key:
    if name == spec.decisions.entity:
        return Key(name, key_kind(decided.columns[name]), "entity")
    if name == spec.decisions.time:
        return Key(name, key_kind(decided.columns[name]), "decided_at")
    return Key(name, key_kind(decided.columns[name]))
