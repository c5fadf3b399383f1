"""Features for people and other services: what a decision would be answered with, by its keys alone."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from shipworthy import clock
from shipworthy.errors import BadRequest, UnknownName
from shipworthy.logbook.segments import LookedUp, Value
from shipworthy.registry.schema import Key, Schema
from shipworthy.serving.forms import Row, from_text, keys_of

AT = Key("decided_at", "timestamp")


class Retrieved(msgspec.Struct, frozen=True):
    """The features of one decision, and of each lookup where they are from."""

    model: str
    version: int
    decided_at: datetime
    features: dict[str, Value]
    lookups: dict[str, LookedUp]


def parameters(schema: Schema) -> list[Key]:
    """Return what a query for features names: each key, the entity where it is one; `decided_at` may be left out: it is now."""
    entity = [Key("entity", "text")] if any(key.role == "entity" for key in schema.keys) else []
    return [*entity, *(key for key in schema.keys if key.role is None)]


def decision_of(schema: Schema, query: Sequence[tuple[str, str]]) -> Row:
    """Return the decision that `query`, names and texts, is about.

    Raises:
        BadRequest: the model looks nothing up; a parameter is missing, unknown, given twice or of another kind.
    """
    if not schema.lookups:
        raise BadRequest(where=schema.model, what="looks nothing up: it has no feature relations", fix="send every feature in 'inputs'")
    known = {key.name: key for key in [*parameters(schema), AT]}
    _require_names([name for name, _ in query], known)
    given = dict(query)
    at = from_text(AT, given[AT.name], where=AT.name) if AT.name in given else clock.now()
    assert isinstance(at, datetime)
    values = {name: from_text(known[name], text, where=name) for name, text in given.items() if name != AT.name}
    entity = given.get("entity", "")
    return Row(entity, at, {}, keys_of(schema, entity, at, values, where="query"))


def _require_names(names: Sequence[str], known: dict[str, Key]) -> None:
    for name in names:
        if name not in known:
            raise BadRequest(where="query", what=f"no parameter '{name[:60]}'", fix=UnknownName.of("", name, known=known, where="").fix)
        if names.count(name) > 1:
            raise BadRequest(where=f"query, {name}", what="is there more than once", fix="ask for one decision at a time")
    absent = [name for name in known if name not in names and name != AT.name]
    if absent:
        raise BadRequest(where="query", what=f"missing: {', '.join(absent)}", fix=f"write it: ?{absent[0]}=VALUE")
