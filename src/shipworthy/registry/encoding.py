"""From raw feature values to the matrix of a model; a table and a row of it give the same bits."""

import math
from collections.abc import Mapping
from decimal import Decimal
from numbers import Real

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.errors import MOST_NAMES_SHOWN, BadData, BadRequest, UnknownName
from shipworthy.registry.schema import Column, Schema, as_numbers, as_text, kind_of

Matrix = npt.NDArray[np.float64]
MOST_SHOWN = 60  # characters of a value that is refused


def encode(schema: Schema, frame: pa.Table) -> Matrix:
    """Return the matrix of `frame`, shape (n, k), in the order of the schema's columns.

    A number is itself, a boolean 0 or 1, a category the code of its level. Null, NaN and a text that is no
    level of the category are NaN. Columns that the schema does not name are not looked at.

    Raises:
        UnknownName: `frame` lacks a column of the schema.
        BadData: a column holds something else than it did when the model learnt.

    >>> schema = Schema("late", "regression", "y", (Column("carrier", "category", categories=("B6", "UA")), Column("delay", "number")))
    >>> encode(schema, pa.table({"delay": [3, None], "carrier": ["UA", "XX"]}))
    array([[ 1.,  3.],
           [nan, nan]])
    """
    matrix = np.empty((frame.num_rows, len(schema.columns)), dtype=np.float64)
    for position, column in enumerate(schema.columns):
        if column.name not in frame.column_names:
            raise UnknownName.of("feature", column.name, known=frame.column_names, where=f"input of {schema.model}")
        matrix[:, position] = _encoded(column, frame.column(column.name), schema.model)
    return matrix


def _encoded(column: Column, values: pa.ChunkedArray, model: str) -> npt.NDArray[np.float64]:
    if pa.types.is_null(values.type):
        return np.full(len(values), np.nan)
    if kind_of(values.type) != column.kind:
        raise BadData(
            where=f"{model}.{column.name}",
            what=f"is of type {values.type}; the model learnt from a {column.kind}",
            fix="mend the type where it changed upstream, or train again on the new one",
        )
    if column.kind == "number":
        return as_numbers(values)
    codes = pc.index_in(as_text(values), value_set=pa.array(column.categories, pa.string()), skip_nulls=True)
    return as_numbers(codes)


def encode_row(schema: Schema, row: Mapping[str, object]) -> list[float]:
    """Return the k numbers of one row, bit for bit what `encode` gives for it.

    Raises:
        BadRequest: a feature is absent (null says that it is not known), or is text where the model
            learnt from numbers, or the other way round.

    >>> schema = Schema("late", "regression", "y", (Column("carrier", "category", categories=("B6", "UA")), Column("delay", "number")))
    >>> encode_row(schema, {"carrier": "UA", "delay": 3})
    [1.0, 3.0]
    """
    try:
        return [_code(column, row[column.name], schema.model) for column in schema.columns]
    except KeyError:
        raise _absent(schema, row) from None


def _absent(schema: Schema, row: Mapping[str, object]) -> BadRequest:
    absent = [name for name in schema.names if name not in row]
    more = f" and {len(absent) - MOST_NAMES_SHOWN} more" if len(absent) > MOST_NAMES_SHOWN else ""
    return BadRequest(
        where=f"input of {schema.model}",
        what=f"no value for {', '.join(absent[:MOST_NAMES_SHOWN])}{more}",
        fix="give each feature a value; null says that it is not known",
    )


def _code(column: Column, value: object, model: str) -> float:
    if value is None:
        return math.nan
    if column.kind == "category" and isinstance(value, str):
        return column.codes.get(value, math.nan)
    if column.kind == "number" and isinstance(value, (Real, Decimal)):
        return _number(column, value, model)
    if isinstance(value, float) and math.isnan(value):
        return math.nan
    raise _wrong_kind(column, value, model)


def _number(column: Column, value: Real | Decimal, model: str) -> float:
    try:
        number = float(value)
    except (OverflowError, ValueError):  # an integer beyond the floats, a signalling NaN
        raise _wrong_kind(column, value, model) from None
    return math.nan if math.isnan(number) else number


def _wrong_kind(column: Column, value: object, model: str) -> BadRequest:
    expected = "a number" if column.kind == "number" else "a text"
    return BadRequest(
        where=f"input of {model}, field {column.name}",
        what=f"{repr(value)[:MOST_SHOWN]} is not {expected}",
        fix=f"send {expected}, or null where it is not known",
    )
