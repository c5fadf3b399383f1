"""The feature relations of a model: which columns of which relation, found by which columns of its decisions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from shipworthy.data.relation import NEVER_FEATURES, Relation
from shipworthy.errors import BadData, BadSpec, UnknownName
from shipworthy.spec.model import Features, ModelSpec

OWN_NAMES = ("entity", "decided_at", "known_at", "label")


@dataclass(frozen=True, slots=True)
class Part:
    """One feature relation as one model uses it: `columns` are its own, by their names in the frame."""

    alias: str
    keys: Sequence[str]
    relation: Relation
    columns: Mapping[str, str]
    max_age: timedelta | None


def parts(spec: ModelSpec, relations: Mapping[str, Relation]) -> list[Part]:
    """Return the feature relations of `spec` in its order, with the columns that they give.

    Without a list in the spec they are all but keys, times and columns with a role.

    Raises:
        BadSpec: two features of one name, a label or post_outcome column, keys that do not fit.
    """
    found: list[Part] = []
    decided = relation_of(relations, spec.decisions.relation)
    taken: dict[str, str] = {}
    for name in spec.decisions.features:
        _require_feature(spec, decided, name)
        _require_new(spec, name, decided, taken)
    for said in spec.features:
        relation = relation_of(relations, said.relation)
        found.append(_part(spec, decided, said, relation, _alias(said.relation, [part.alias for part in found])))
        for name in found[-1].columns:
            _require_new(spec, name, relation, taken)
    return found


def feature_types(spec: ModelSpec, relations: Mapping[str, Relation]) -> dict[str, str]:
    """Return the SQL type of each feature of the frame, by name, in its order."""
    decided = relation_of(relations, spec.decisions.relation)
    own = {name: decided.columns[decided.require(name)] for name in spec.decisions.features}
    return own | {name: part.relation.columns[column] for part in parts(spec, relations) for name, column in part.columns.items()}


def relation_of(relations: Mapping[str, Relation], name: str) -> Relation:
    """Return the relation `name`; an unknown one is an error with the nearest name."""
    if name not in relations:
        raise UnknownName.of("relation", name, known=relations, where="published relations")
    return relations[name]


def require_same_kind(decided: Relation, key: str, relation: Relation, own: str) -> None:
    """Do nothing if `key` of the decisions and `own` of `relation` can be equal.

    Raises:
        UnknownName: one of them is not there.
        BadData: one is text and the other is not.
    """
    left, right = decided.columns[decided.require(key)].upper(), relation.columns[relation.require(own)].upper()
    if (left == "VARCHAR") != (right == "VARCHAR"):
        what = f"is {right}, and {decided.name}.{key}, which it is joined to, is {left}"
        raise BadData(where=f"{relation.name}.{own}", what=what, fix="cast one of them in its SQL")


def _alias(name: str, taken: Sequence[str]) -> str:
    """A name for a part's steps that needs no quotes: a relation that is used twice gets a number."""
    plain = re.sub(r"\W", "_", name).lower()
    plain = plain if plain[0].isalpha() else f"r_{plain}"
    numbered = (plain if number == 1 else f"{plain}_{number}" for number in count(1))
    return next(alias for alias in numbered if alias not in taken)


def _part(spec: ModelSpec, decided: Relation, said: Features, relation: Relation, alias: str) -> Part:
    relation.require_times()
    if len(said.keys) != len(relation.entity):
        what = f"'on' names {len(said.keys)} columns ({', '.join(said.keys)}), the entity of {relation.name} has {len(relation.entity)}"
        raise BadSpec(where=spec.model, what=what, fix=f"name the columns of decisions for {', '.join(relation.entity)}, in this order")
    for key, own in zip(said.keys, relation.entity, strict=True):
        require_same_kind(decided, key, relation, own)
    times = (relation.event_time, relation.known_time)
    usual = [name for name in relation.columns if name not in (*relation.entity, *times) and name not in relation.roles]
    chosen = usual if said.columns is None else said.columns
    for name in chosen:
        _require_feature(spec, relation, name)
        _require_known_with_its_row(spec, relation, name)
    return Part(alias, said.keys, relation, {f"{said.prefix}{name}": name for name in chosen}, said.max_age)


def _require_feature(spec: ModelSpec, relation: Relation, name: str) -> None:
    role = relation.roles.get(relation.require(name))
    if role in NEVER_FEATURES:
        what = f"{relation.name}.{name} is a feature, and its role is {role}: it is filled in after the outcome"
        raise BadSpec(where=spec.model, what=what, fix="take it out of the features")


def _require_known_with_its_row(spec: ModelSpec, relation: Relation, name: str) -> None:
    if name in relation.known_times:
        known = relation.known_times[name]
        what = f"{relation.name}.{name} became known at '{known}', and in a relation of features all of a row becomes known at one moment"
        raise BadSpec(where=spec.model, what=what, fix=f"give {name} a relation of its own with 'known_time: {known}'")


def _require_new(spec: ModelSpec, name: str, relation: Relation, taken: dict[str, str]) -> None:
    if name.lower() in OWN_NAMES:
        what = f"'{name}' of {relation.name} has a name that the training set needs for itself"
        raise BadSpec(where=spec.model, what=what, fix="give the relation a 'prefix', or rename the column in its SQL")
    if name.lower() in taken:
        what = f"two features are named '{name}': of {taken[name.lower()]} and of {relation.name}"
        raise BadSpec(where=spec.model, what=what, fix="give one of them a 'prefix'")
    taken[name.lower()] = relation.name
