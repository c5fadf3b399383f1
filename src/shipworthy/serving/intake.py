"""What a request may hold: typed by the model's schema; a mistake is answered with the field and the reason."""

from collections.abc import Mapping, Sequence
from types import GenericAlias
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from shipworthy.errors import MOST_NAMES_SHOWN, BadRequest, UnknownName
from shipworthy.records import Task
from shipworthy.registry.schema import Lookup, Schema
from shipworthy.serving.faults import NotJson
from shipworthy.serving.forms import (
    LOOKED_UP,
    MOST_SHOWN,
    SENT,
    STRICT,
    TAGS,
    Entity,
    Moment,
    Number,
    Row,
    not_to_be_sent,
    row_kind,
    row_of,
)

B = TypeVar("B", bound=BaseModel)
NOTHING: Mapping[str, Lookup] = {}
REMEDY: Mapping[str, str] = {
    "float_type": "send a number, or null where it is not known",
    "finite_number": "send a number, or null where it is not known",
    "int_type": "send a whole number, or null where it is not known",
    "bool_type": "send true or false, or null where it is not known",
    "date_from_datetime_parsing": "write it as 2013-05-01",
    "date_parsing": "write it as 2013-05-01",
    "date_type": "write it as 2013-05-01",
    "string_type": "send a text, or null where it is not known",
    "too_long": "send fewer at a time",
    "too_short": "send at least one",
    "moment": "write the zone too: Z for UTC",
}


REMEDY_OF: Mapping[Task, str] = {
    "regression": "send the number that came true",
    "binary": "the label of this model is binary",
    "multiclass": "send the class as a text, a number of one in quotes",
}


class OutcomeRow(BaseModel):
    """What came true of one entity."""

    model_config = STRICT

    entity: Entity
    decided_at: Moment | None = Field(None, description="The decision it is the outcome of; of the entity alone if absent.")
    value: Number | str = Field(description="The label, in its unit; 0 or 1 for a binary one, the name of the class for one of several.")
    known_at: Moment = Field(description="When it became known.")


class Intake:
    """Reads the requests for one model."""

    def __init__(self, schema: Schema, *, most_rows: int) -> None:
        self.schema, self.most_rows = schema, most_rows
        title = "".join(word.title() for word in schema.model.split("_"))
        self.predict = _request(f"{title}Predict", "rows", row_kind(schema, title), most_rows)
        self.outcomes = _request(f"{title}Outcomes", "outcomes", OutcomeRow, most_rows)

    def read_rows(self, body: bytes) -> list[Row]:
        """Return the rows that `body` asks predictions for.

        Raises:
            NotJson: it is no JSON.
            BadRequest: a field is missing, unknown, or of another type; names it.
        """
        said: Any = _read(self.predict, body, self.schema.looked_up)
        return [row_of(self.schema, row, place) for place, row in enumerate(said.rows)]

    def read_outcomes(self, body: bytes) -> list[OutcomeRow]:
        """Return the outcomes that `body` tells of; raises as `read_rows`, and for a value that is no label of this model.

        A class that the model has never met is taken: it came true all the same.
        """
        said: Any = _read(self.outcomes, body)
        outcomes: list[OutcomeRow] = said.outcomes
        for place, row in enumerate(outcomes):
            wrong = _no_label(self.schema.task, row.value)
            if wrong:
                raise BadRequest(where=f"outcomes.{place}.value", what=f"{row.value!r} is {wrong}", fix=REMEDY_OF[self.schema.task])
        return outcomes


def _no_label(task: Task, value: float | str) -> str | None:
    """Return what a value is that cannot be the label of a task; None where it can."""
    if task == "multiclass":
        return None if isinstance(value, str) else "no name of a class"
    if isinstance(value, str):
        return "no number"
    return "neither 0 nor 1" if task == "binary" and value not in (0, 1) else None


def _request(title: str, name: str, row: Any, most_rows: int) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (GenericAlias(list, row), Field(min_length=1, max_length=most_rows))}
    return create_model(title, __config__=STRICT, **fields)


def _read(kind: type[B], body: bytes, looked_up: Mapping[str, Lookup] = NOTHING) -> B:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(kind, error.errors(include_url=False, include_context=False), looked_up) from None


def _refusal(kind: type[BaseModel], mistakes: list[ErrorDetails], looked_up: Mapping[str, Lookup]) -> BadRequest:
    """Return what is wrong: an unknown field first, since a typo explains what is missing."""
    first = min(mistakes, key=lambda mistake: mistake["type"] != "extra_forbidden")
    if first["type"] == "json_invalid":
        return NotJson(where="body", what=first["msg"], fix="send JSON; NaN and Infinity are not JSON, null is what is not known")
    *parents, last = first["loc"] or ("body",)
    where = _shown(parents, last)
    if first["type"] == "extra_forbidden":
        if LOOKED_UP in parents and last in looked_up:
            return not_to_be_sent(str(last), looked_up[str(last)], where)
        return BadRequest(where=where, what=f"no field '{str(last)[:MOST_SHOWN]}'", fix=_nearest(str(last), _known(kind, parents)))
    if first["type"] == "missing":
        return _missing(mistakes, tuple(parents), looked_up)
    return BadRequest(where=where, what=f"{repr(first['input'])[:MOST_SHOWN]}: {first['msg']}", fix=REMEDY.get(first["type"], "mend it"))


def _shown(parents: Sequence[int | str], *last: int | str) -> str:
    """Return a place as the caller wrote it: the form of a row is our word, not theirs."""
    return ".".join(str(part) for place, part in enumerate((*parents, *last)) if not _tag(place, part))


def _tag(place: int, part: int | str) -> bool:
    return place == 2 and part in TAGS  # rows, its number, its form


def _nearest(name: str, known: Sequence[str]) -> str:
    return UnknownName.of("field", name, known=known, where="").fix


def _known(kind: type[BaseModel], parents: Sequence[int | str]) -> list[str]:
    """Return the names that the object at `parents` may have."""
    kinds = [kind]
    for place, step in enumerate(parents):
        if _tag(place, step):
            kinds = [kinds[TAGS.index(str(step))]]
        elif isinstance(step, str):
            kinds = _models_in(next(field for name, field in kinds[0].model_fields.items() if step in (name, field.alias)).annotation)
    return [field.alias or name for name, field in kinds[0].model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, GenericAlias) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _models_in(inner)]


def _missing(mistakes: list[ErrorDetails], parents: tuple[int | str, ...], looked_up: Mapping[str, Lookup]) -> BadRequest:
    """Return every field that the first incomplete object lacks."""
    absent = [str(mistake["loc"][-1]) for mistake in mistakes if mistake["type"] == "missing" and mistake["loc"][:-1] == parents]
    more = f" and {len(absent) - MOST_NAMES_SHOWN} more" if len(absent) > MOST_NAMES_SHOWN else ""
    fix = "null means unknown: send null where it is not known" if parents and parents[-1] in ("inputs", "decision") else "send it"
    if looked_up and SENT in parents:
        fix += "; or send 'decision' in place of 'inputs', and the features of relations are looked up"
    return BadRequest(where=_shown(parents) or "body", what=f"missing: {', '.join(absent[:MOST_NAMES_SHOWN])}{more}", fix=fix)
