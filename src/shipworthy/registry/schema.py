"""The input schema of a model: its raw features, read off the training set and kept in the package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.errors import BadArtifact, BadSpec, UnknownName
from shipworthy.records import Task

Kind = Literal["number", "category"]
MOST_LEVELS = 1000  # of one category; LightGBM's own splits over more mostly learn noise
FEWEST_ROWS = 5  # of one level
NONE_SAID: Mapping[str, str] = {}


@dataclass(frozen=True)
class Column:
    """One raw feature: what it may hold, and what it held when the model learnt.

    `low` and `high` are the ends of its finite values, None for a category or where none was seen; they
    are what was seen, not what is allowed. `categories` are the levels that the model can tell apart, in
    the order of their codes: 0, 1, ... Any other text, rare or new, is missing to the model, like null.
    """

    name: str
    kind: Kind
    unit: str | None = None
    description: str = ""
    low: float | None = None
    high: float | None = None
    categories: tuple[str, ...] = ()
    null_share: float = 0.0

    @cached_property
    def codes(self) -> dict[str, float]:
        """The code of each level."""
        return {level: float(code) for code, level in enumerate(self.categories)}


KeyKind = Literal["text", "integer", "number", "boolean", "date", "timestamp"]


@dataclass(frozen=True)
class Key:
    """A column of decisions by which features are found; `role` says that it is the decision's own entity or moment."""

    name: str
    kind: KeyKind
    role: Literal["entity", "decided_at"] | None = None


@dataclass(frozen=True)
class Lookup:
    """How a request's features of one relation are found: by which keys, in which columns, and how old they may be.

    `name` is unique in a schema, also where a relation is looked up twice. `columns` are the relation's own, by the name of the
    feature. `max_age_seconds` is None where any age counts.
    """

    name: str
    relation: str
    keys: tuple[Key, ...]
    columns: dict[str, str]
    max_age_seconds: float | None = None
    may_be_sent: bool = False


@dataclass(frozen=True)
class Schema:
    """What a model takes and what it answers: `columns` in the order of the matrix, `label` with its unit.

    `lookups` says which of them the service can find by itself; nothing in a package from before there were any. `classes` are those
    of a multiclass task in the order of its probabilities; nothing for another task.
    """

    model: str
    task: Task
    label: str
    columns: tuple[Column, ...]
    unit: str | None = None
    lookups: tuple[Lookup, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The columns of decisions by which features are found, each once."""
        return tuple(dict.fromkeys(key for lookup in self.lookups for key in lookup.keys))

    @property
    def looked_up(self) -> dict[str, Lookup]:
        """The features that can be looked up, each with how."""
        return {name: lookup for lookup in self.lookups for name in lookup.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the features, in the order of the matrix."""
        return tuple(column.name for column in self.columns)

    @property
    def categorical(self) -> list[int]:
        """The positions of the categories in the matrix."""
        return [position for position, column in enumerate(self.columns) if column.kind == "category"]

    def to_json(self) -> bytes:
        """Return the schema as JSON, the same bytes for the same schema."""
        return msgspec.json.format(msgspec.json.encode(_plain(self)), indent=1)

    @classmethod
    def from_json(cls, text: bytes, *, where: str = "schema.json") -> "Schema":
        """Return the schema that `to_json` wrote.

        Raises:
            BadArtifact: `text` is none.
        """
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as error:
            raise BadArtifact(where=where, what=f"no input schema: {error}", fix="package the model again") from None


def _plain(schema: Schema) -> dict[str, object]:
    """Return the fields of `schema` alone: the codes, once worked out, are no part of it."""
    columns = [{name: getattr(column, name) for name in Column.__dataclass_fields__} for column in schema.columns]
    return {name: getattr(schema, name) for name in Schema.__dataclass_fields__} | {"columns": columns}


def infer(
    frame: pa.Table,
    features: Sequence[str],
    *,
    model: str,
    task: Task,
    label: str,
    label_unit: str | None = None,
    descriptions: Mapping[str, str] = NONE_SAID,
    units: Mapping[str, str] = NONE_SAID,
    fewest_rows: int = FEWEST_ROWS,
) -> Schema:
    """Return the input schema of a model that learns from `features` of `frame`.

    Integers, floats, decimals and booleans (0 or 1) are numbers. Text is a category with its sorted levels;
    a level seen in fewer than `fewest_rows` rows, and all beyond the 1,000 most frequent, are not told apart:
    like a level never seen they are missing to the model, so that it has met what it will meet. A column that
    is constant or null throughout stays; where nothing but null was seen the range is unknown.

    Args:
        frame: shape (n, at least k), the rows that the model learns from. NaN is null.
        features: k names of columns of `frame`; the order of the matrix.
        model: the name of the model.
        task: what it predicts: a number, or the probability of a 1.
        label: the name of what it predicts.
        label_unit: the unit of the label; None is not known.
        descriptions: what each feature means, by name; absent is "".
        units: the unit of each feature, by name; absent is None.
        fewest_rows: how often a level must have been seen to be told apart.

    Raises:
        UnknownName: `frame` has no such column.
        BadSpec: a feature is a time, a list, a struct or another thing that a model cannot take.

    >>> frame = pa.table({"delay": [3, None, 7], "carrier": ["UA", "UA", "B6"]})
    >>> schema = infer(frame, ["delay", "carrier"], model="late", task="regression", label="y", fewest_rows=2)
    >>> schema.columns[0].low, schema.columns[0].high, schema.columns[1].categories
    (3.0, 7.0, ('UA',))
    """
    columns = []
    for name in features:
        if name not in frame.column_names:
            raise UnknownName.of("feature", name, known=frame.column_names, where=f"training set of {model}")
        facts = {"name": name, "unit": units.get(name), "description": descriptions.get(name, "")}
        columns.append(_column(frame.column(name), model, facts, fewest_rows))
    return Schema(model, task, label, tuple(columns), label_unit)


def kind_of(type_: pa.DataType) -> Kind | None:
    """Return what a model takes a column of `type_` for, None where it cannot take it.

    >>> kind_of(pa.decimal128(9, 2)), kind_of(pa.dictionary(pa.int8(), pa.string())), kind_of(pa.date32())
    ('number', 'category', None)
    """
    held = type_.value_type if pa.types.is_dictionary(type_) else type_
    if pa.types.is_integer(held) or pa.types.is_floating(held) or pa.types.is_decimal(held):
        return "number"
    if pa.types.is_boolean(held) or pa.types.is_null(held):
        return "number"
    text = pa.types.is_string(held) or pa.types.is_large_string(held) or pa.types.is_string_view(held)
    return "category" if text else None


def _column(values: pa.ChunkedArray, model: str, facts: Mapping[str, str | None], fewest_rows: int) -> Column:
    name, description = str(facts["name"]), facts["description"] or ""
    kind = kind_of(values.type)
    if kind is None:
        raise BadSpec(
            where=f"{model}.{name}",
            what=f"a model cannot take a feature of type {values.type}",
            fix="turn it into a number or a text in the feature's SQL, such as the hours since that time, or leave it out",
        )
    if kind == "category":
        nulls = values.null_count / max(len(values), 1)
        return Column(name, kind, facts["unit"], description, categories=_levels(values, fewest_rows), null_share=nulls)
    numbers = as_numbers(values)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (None, None)
    nulls = float(np.isnan(numbers).mean()) if numbers.size else 0.0
    return Column(name, kind, facts["unit"], description, low, high, null_share=nulls)


def _levels(values: pa.ChunkedArray, fewest_rows: int) -> tuple[str, ...]:
    counted = pc.value_counts(as_text(values).drop_null()).to_pylist()
    often = [(pair["counts"], pair["values"]) for pair in counted if pair["counts"] >= fewest_rows]
    often.sort(key=lambda level: (-level[0], level[1]))
    return tuple(sorted(text for _, text in often[:MOST_LEVELS]))


def as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text of any Arrow kind as plain strings; null stays null."""
    return values.cast(pa.string())


def as_numbers(values: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return numbers of any Arrow kind as float64, shape (n,); null is NaN, a boolean 0 or 1.

    Each is the float nearest to it: a decimal goes through its text, since Arrow's own way can be off by one bit.
    """
    held = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    plain = values.cast(held) if pa.types.is_dictionary(values.type) else values
    if pa.types.is_decimal(held):
        plain = plain.cast(pa.string())
    elif pa.types.is_boolean(held):
        plain = plain.cast(pa.int8())
    numbers = plain.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.where(np.isnan(numbers), np.nan, numbers).astype(np.float64, copy=False)
