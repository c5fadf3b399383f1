"""The two forms of a row: with every feature, or with the decision alone, whose features are then looked up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from shipworthy.errors import MOST_NAMES_SHOWN, BadRequest
from shipworthy.gateways.online.entry import KeyValue
from shipworthy.logbook.segments import LookedUp, Value
from shipworthy.registry.schema import Column, Key, KeyKind, Lookup, Schema

STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
SENT, LOOKED_UP = TAGS = ("every feature", "decision alone")
MOST_SHOWN = 60  # characters of a value that is refused


def _moment(said: object) -> datetime:
    """Return an ISO 8601 time in UTC; digits are no time, and a time without a zone is no moment."""
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("moment", "is not a time with its zone, such as 2013-05-01T12:00:00Z")


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Number = Annotated[float, Field(allow_inf_nan=False)]
Entity = Annotated[str, Field(min_length=1, max_length=1000, description="The thing predicted, as decisions name it.")]
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
KEY_TYPES: Mapping[KeyKind, Any] = {"text": str, "integer": Whole, "number": Number, "boolean": bool, "date": date, "timestamp": Moment}


@dataclass(frozen=True, slots=True)
class Row:
    """One prediction to make: `decided_at` in UTC, `inputs` with every feature, null where it is not known.

    Where `keys` are given, by name, the features of relations are still to be looked up: `inputs` has the decision's own, and those
    that the request sent all the same. Once they were, `lookups` says what was found.
    """

    entity: str
    decided_at: datetime
    inputs: dict[str, Value]
    keys: Mapping[str, KeyValue] | None = None
    lookups: dict[str, LookedUp] | None = None


def row_kind(schema: Schema, title: str) -> Any:
    """Return the type of a row of a request for the model of `schema`: the first form, or either where there is something to look up."""
    sent = _model(f"{title}Row", inputs=_inputs(f"{title}Inputs", schema.columns))
    if not schema.lookups:
        return sent
    decision = _model(f"{title}DecisionRow", decision=_decision(schema, title), inputs=(_overrides(schema, title) | None, Field(None)))
    return Annotated[Annotated[sent, Tag(SENT)] | Annotated[decision, Tag(LOOKED_UP)], Discriminator(_form)]


def _form(said: object) -> str:
    there = said if isinstance(said, dict) else getattr(said, "__dict__", {})
    return LOOKED_UP if "decision" in there else SENT


def _model(title: str, **fields: Any) -> type[BaseModel]:
    moment = Annotated[Moment, Field(description="The moment of the decision: what is not known then is null.")]
    return create_model(title, __config__=STRICT, entity=Entity, decided_at=moment, **fields)


def _inputs(title: str, columns: tuple[Column, ...] | list[Column]) -> type[BaseModel]:
    return _named(title, {column.name: _field(column) for column in columns})


def _named(title: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    """Return a model whose fields have any text as name: by alias."""
    return create_model(title, __config__=STRICT, **{f"column_{place}": field for place, field in enumerate(fields.values())})


def _decision(schema: Schema, title: str) -> type[BaseModel]:
    own = {column.name: _field(column) for column in schema.columns if column.name not in schema.looked_up}
    keys = {key.name: _key_field(key) for key in schema.keys if key.role is None and key.name not in own}
    return _named(f"{title}Decision", own | keys)


def _overrides(schema: Schema, title: str) -> type[BaseModel]:
    """Return the features that a request may send although they can be looked up; each may be left out."""
    sendable = [column for column in schema.columns if (lookup := schema.looked_up.get(column.name)) and lookup.may_be_sent]
    return _named(f"{title}SentAllTheSame", {column.name: _field(column, default=None) for column in sendable})


def _field(column: Column, **default: Any) -> Any:
    """Return the type and field of a column; its name is an alias, since it may be any text."""
    kind: Any = Number if column.kind == "number" else str
    words = [column.description, column.unit and f"Unit: {column.unit}.", _seen(column)]
    return (kind | None, Field(alias=column.name, description=" ".join(word for word in words if word), **default))


def _key_field(key: Key) -> Any:
    return (KEY_TYPES[key.kind] | None, Field(alias=key.name, description="A key by which features are found; null finds none."))


def _seen(column: Column) -> str:
    if column.kind == "category":
        shown = ", ".join(column.categories[:MOST_NAMES_SHOWN])
        more = f" and {len(column.categories) - MOST_NAMES_SHOWN} more" if len(column.categories) > MOST_NAMES_SHOWN else ""
        return f"Seen in training: {shown}{more}." if shown else ""
    return "" if column.low is None else f"Seen in training: {column.low:g} to {column.high:g}."


def row_of(schema: Schema, said: Any, place: int) -> Row:
    """Return what a validated row says.

    Raises:
        BadRequest: its entity is a key of another kind.
    """
    if not hasattr(said, "decision"):
        return Row(said.entity, said.decided_at, dict(zip(schema.names, said.inputs.__dict__.values(), strict=True)))
    given = _by_alias(said.decision)
    sent = _by_alias(said.inputs, sent_only=True) if said.inputs is not None else {}
    own = {name: given[name] for name in schema.names if name in given}
    return Row(said.entity, said.decided_at, own | sent, keys_of(schema, said.entity, said.decided_at, given, where=f"rows.{place}"))


def keys_of(schema: Schema, entity: str, decided_at: datetime, given: Mapping[str, Any], *, where: str) -> dict[str, KeyValue]:
    """Return the value of each key of `schema`: out of `given`, or the decision's own entity or moment.

    Raises:
        BadRequest: the entity is a key of another kind than text, and does not read as one.
    """
    return {key.name: _key_value(key, entity, decided_at, given, where) for key in schema.keys}


def _key_value(key: Key, entity: str, decided_at: datetime, given: Mapping[str, Any], where: str) -> KeyValue:
    if key.role == "decided_at":
        return decided_at
    if key.role == "entity":
        return from_text(key, entity, where=f"{where}.entity")
    value: KeyValue = given[key.name]
    return value


def from_text(key: Key, text: str, *, where: str) -> KeyValue:
    """Return the value of a key that is given as text.

    Raises:
        BadRequest: it does not read as one of its kind.

    >>> from_text(Key("day", "date"), "2013-05-01", where="day"), from_text(Key("shop", "integer"), "7", where="shop")
    (datetime.date(2013, 5, 1), 7)
    """
    try:
        return _read(key.kind, text)
    except (ValueError, OverflowError, PydanticCustomError):
        what = f"{text[:MOST_SHOWN]!r} is no {key.kind}, and {key.name} is one"
        raise BadRequest(where=where, what=what, fix="send it as the relation of decisions has it") from None


def _read(kind: KeyKind, text: str) -> KeyValue:
    if kind == "boolean":
        return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else bool(int(text))
    readers: Mapping[KeyKind, Any] = {"text": str, "integer": int, "number": float, "date": date.fromisoformat, "timestamp": _moment}
    value: KeyValue = readers[kind](text)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(text)
    return value


def _by_alias(said: BaseModel, *, sent_only: bool = False) -> dict[str, Any]:
    fields = type(said).model_fields
    return {str(fields[name].alias): value for name, value in said.__dict__.items() if not sent_only or name in said.model_fields_set}


def not_to_be_sent(name: str, lookup: Lookup, where: str) -> BadRequest:
    """Return the refusal of a feature that is looked up, whatever a request says of it."""
    what = f"'{name}' is looked up in {lookup.relation}: a request does not send it"
    return BadRequest(where=where, what=what, fix="leave it out, or allow it: 'may_be_sent: true' beside the relation in model.yml")
