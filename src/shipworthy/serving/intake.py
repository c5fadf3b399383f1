"""What a request may hold: typed by the model's schema; a mistake is answered with the field and the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import GenericAlias
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model
from pydantic_core import ErrorDetails, PydanticCustomError

from shipworthy.errors import MOST_NAMES_SHOWN, BadRequest, UnknownName
from shipworthy.logbook.segments import Value
from shipworthy.registry.schema import Column, Schema
from shipworthy.serving.faults import NotJson

MOST_SHOWN = 60  # characters of a value that is refused
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
B = TypeVar("B", bound=BaseModel)
REMEDY: Mapping[str, str] = {
    "float_type": "send a number, or null where it is not known",
    "finite_number": "send a number, or null where it is not known",
    "string_type": "send a text, or null where it is not known",
    "too_long": "send fewer at a time",
    "too_short": "send at least one",
    "moment": "write the zone too: Z for UTC",
}


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


@dataclass(frozen=True, slots=True)
class Row:
    """One prediction to make: `decided_at` in UTC, `inputs` with every feature, null where it is not known."""

    entity: str
    decided_at: datetime
    inputs: dict[str, Value]


class OutcomeRow(BaseModel):
    """What came true of one entity."""

    model_config = STRICT

    entity: Entity
    decided_at: Moment | None = Field(None, description="The decision it is the outcome of; of the entity alone if absent.")
    value: Number = Field(description="The label, in its unit; 0 or 1 for a binary one.")
    known_at: Moment = Field(description="When it became known.")


class Intake:
    """Reads the requests for one model."""

    def __init__(self, schema: Schema, *, most_rows: int) -> None:
        self.schema, self.most_rows = schema, most_rows
        title = "".join(word.title() for word in schema.model.split("_"))
        self.predict = _request(f"{title}Predict", "rows", _row(schema, title), most_rows)
        self.outcomes = _request(f"{title}Outcomes", "outcomes", OutcomeRow, most_rows)

    def read_rows(self, body: bytes) -> list[Row]:
        """Return the rows that `body` asks predictions for.

        Raises:
            NotJson: it is no JSON.
            BadRequest: a field is missing, unknown, or of another type; names it.
        """
        said: Any = _read(self.predict, body)
        names = self.schema.names
        return [Row(row.entity, row.decided_at, dict(zip(names, row.inputs.__dict__.values(), strict=True))) for row in said.rows]

    def read_outcomes(self, body: bytes) -> list[OutcomeRow]:
        """Return the outcomes that `body` tells of; raises as `read_rows`, and for a binary label that is neither 0 nor 1."""
        said: Any = _read(self.outcomes, body)
        outcomes: list[OutcomeRow] = said.outcomes
        odd = [place for place, row in enumerate(outcomes) if row.value not in (0, 1)] if self.schema.task == "binary" else []
        if odd:
            value = outcomes[odd[0]].value
            raise BadRequest(where=f"outcomes.{odd[0]}.value", what=f"{value} is neither 0 nor 1", fix="the label of this model is binary")
        return outcomes


def _request(title: str, name: str, row: type[BaseModel], most_rows: int) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (GenericAlias(list, row), Field(min_length=1, max_length=most_rows))}
    return create_model(title, __config__=STRICT, **fields)


def _row(schema: Schema, title: str) -> type[BaseModel]:
    fields: dict[str, Any] = {f"column_{place}": _field(column) for place, column in enumerate(schema.columns)}
    inputs = create_model(f"{title}Inputs", __config__=STRICT, **fields)
    moment = Annotated[Moment, Field(description="The moment of the decision: what is not known then is null.")]
    return create_model(f"{title}Row", __config__=STRICT, entity=Entity, decided_at=moment, inputs=inputs)


def _field(column: Column) -> Any:
    """Return the type and field of a column; its name is an alias, since it may be any text."""
    kind: Any = Number if column.kind == "number" else str
    words = [column.description, column.unit and f"Unit: {column.unit}.", _seen(column)]
    return (kind | None, Field(alias=column.name, description=" ".join(word for word in words if word)))


def _seen(column: Column) -> str:
    if column.kind == "category":
        shown = ", ".join(column.categories[:MOST_NAMES_SHOWN])
        more = f" and {len(column.categories) - MOST_NAMES_SHOWN} more" if len(column.categories) > MOST_NAMES_SHOWN else ""
        return f"Seen in training: {shown}{more}." if shown else ""
    return "" if column.low is None else f"Seen in training: {column.low:g} to {column.high:g}."


def _read(kind: type[B], body: bytes) -> B:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(kind, error.errors(include_url=False, include_context=False)) from None


def _refusal(kind: type[BaseModel], mistakes: list[ErrorDetails]) -> BadRequest:
    """Return what is wrong: an unknown field first, since a typo explains what is missing."""
    first = min(mistakes, key=lambda mistake: mistake["type"] != "extra_forbidden")
    if first["type"] == "json_invalid":
        return NotJson(where="body", what=first["msg"], fix="send JSON; NaN and Infinity are not JSON, null is what is not known")
    *parents, last = first["loc"] or ("body",)
    where = ".".join(map(str, (*parents, last)))
    if first["type"] == "extra_forbidden":
        return BadRequest(where=where, what=f"no field '{str(last)[:MOST_SHOWN]}'", fix=_nearest(str(last), _known(kind, parents)))
    if first["type"] == "missing":
        return _missing(mistakes, tuple(parents))
    return BadRequest(where=where, what=f"{repr(first['input'])[:MOST_SHOWN]}: {first['msg']}", fix=REMEDY.get(first["type"], "mend it"))


def _nearest(name: str, known: Sequence[str]) -> str:
    return UnknownName.of("field", name, known=known, where="").fix


def _known(kind: type[BaseModel], parents: Sequence[int | str]) -> list[str]:
    """Return the names that the object at `parents` may have."""
    for step in parents:
        if isinstance(step, str):
            field = next(field for name, field in kind.model_fields.items() if step in (name, field.alias))
            kind = next((inner for inner in get_args(field.annotation) if isinstance(inner, type)), field.annotation)  # type: ignore[assignment]
    return [field.alias or name for name, field in kind.model_fields.items()]


def _missing(mistakes: list[ErrorDetails], parents: tuple[int | str, ...]) -> BadRequest:
    """Return every field that the first incomplete object lacks."""
    absent = [str(mistake["loc"][-1]) for mistake in mistakes if mistake["type"] == "missing" and mistake["loc"][:-1] == parents]
    more = f" and {len(absent) - MOST_NAMES_SHOWN} more" if len(absent) > MOST_NAMES_SHOWN else ""
    fix = "null means unknown: send null where it is not known" if parents and parents[-1] == "inputs" else "send it"
    where = ".".join(map(str, parents)) or "body"
    return BadRequest(where=where, what=f"missing: {', '.join(absent[:MOST_NAMES_SHOWN])}{more}", fix=fix)
