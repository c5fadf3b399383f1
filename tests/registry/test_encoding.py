import math
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.errors import BadData, BadRequest, UnknownName
from shipworthy.registry.encoding import encode, encode_row
from shipworthy.registry.schema import Column, Schema

SCHEMA = Schema("late", "regression", "y", (Column("number", "number"), Column("level", "category", categories=("", "B6", "UA", "é"))))
LEVELS = st.one_of(st.none(), st.sampled_from(["", "B6", "UA", "é", "ua", "unseen"]), st.text(st.characters(codec="utf-8"), max_size=4))
NUMBERS = {
    pa.float64(): st.floats(allow_nan=True, allow_infinity=True),
    pa.float32(): st.floats(width=32),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.uint64(): st.integers(0, 2**64 - 1),
    pa.int8(): st.integers(-128, 127),
    pa.bool_(): st.booleans(),
    pa.decimal128(38, 18): st.decimals(-(10**19), 10**19, places=18),
    pa.decimal128(18, 3): st.decimals(-(10**14), 10**14, places=3),
}


@st.composite
def frames(draw: st.DrawFn) -> pa.Table:
    type_ = draw(st.sampled_from(list(NUMBERS)))
    rows = draw(st.lists(st.tuples(st.none() | NUMBERS[type_], LEVELS), max_size=20))
    text = draw(st.sampled_from([pa.string(), pa.large_string(), pa.dictionary(pa.int16(), pa.string())]))
    levels = pa.array([level for _, level in rows], pa.string()).cast(text)
    return pa.table({"level": levels, "number": pa.array([number for number, _ in rows], type_)})


@given(frames())
def test_a_table_and_its_rows_give_the_same_bits(frame: pa.Table) -> None:
    """
    For numbers of every kind and any text, null and NaN, the table's way and the row's way agree bit for bit.
    """
    table = encode(SCHEMA, frame)
    rows = np.array([encode_row(SCHEMA, row) for row in frame.to_pylist()], dtype=np.float64).reshape(table.shape)

    assert table.tobytes() == rows.tobytes()


def test_null_nan_and_unseen_are_missing() -> None:
    """
    Null, NaN and a level that was never told apart all are NaN to the model; none becomes another level.
    """
    frame = pa.table({"number": [None, math.nan, 1.0], "level": [None, "unseen", "UA"]})

    assert np.isnan(encode(SCHEMA, frame)[:2]).all()
    assert encode(SCHEMA, frame)[2].tolist() == [1.0, 2.0]


def test_the_order_is_the_schemas() -> None:
    """
    The columns of the matrix follow the schema, not the table, and others are not looked at.
    """
    frame = pa.table({"other": [datetime(2013, 5, 1)], "level": ["B6"], "number": [7]})

    assert encode(SCHEMA, frame).tolist() == [[7.0, 1.0]]


def test_no_rows_give_an_empty_matrix() -> None:
    """
    A table without rows gives a matrix without rows and with all columns.
    """
    assert encode(SCHEMA, pa.table({"number": pa.array([], pa.int64()), "level": pa.array([], pa.string())})).shape == (0, 2)


def test_a_table_without_a_feature_is_refused() -> None:
    """
    A feature that is gone is named, with the nearest name that is there.
    """
    with pytest.raises(UnknownName, match="no feature 'level'") as refusal:
        encode(SCHEMA, pa.table({"number": [1], "levl": ["UA"]}))

    assert "did you mean 'levl'" in refusal.value.fix


@pytest.mark.parametrize(
    ("number", "level", "named"),
    [(["1"], ["UA"], "late.number"), ([1], [5], "late.level"), ([datetime(2013, 5, 1)], ["UA"], "late.number")],
)
def test_a_changed_type_is_refused(number: list[object], level: list[object], named: str) -> None:
    """
    A column whose type changed is refused with its name and both kinds; it is never read as something near.
    """
    with pytest.raises(BadData, match=r"is of type .*; the model learnt from a") as refusal:
        encode(SCHEMA, pa.table({"number": number, "level": level}))

    assert refusal.value.where == named


@pytest.mark.parametrize(
    "row",
    [
        {"number": "1.5", "level": "UA"},
        {"number": [1], "level": "UA"},
        {"number": 10**400, "level": "UA"},
        {"number": Decimal("sNaN"), "level": "UA"},
        {"number": 1, "level": 5},
        {"number": 1, "level": True},
    ],
    ids=repr,
)
def test_a_value_of_another_kind_is_refused(row: dict[str, object]) -> None:
    """
    A text for a number, a number for a text, and a number beyond all floats are refused with the field.
    """
    with pytest.raises(BadRequest, match=r"input of late, field (number|level): .* is not a (number|text)"):
        encode_row(SCHEMA, row)


def test_an_absent_field_is_refused_and_null_is_not() -> None:
    """
    A field that was left out is named; a null says that it is not known, and is taken.
    """
    assert all(math.isnan(code) for code in encode_row(SCHEMA, {"number": None, "level": None}))
    with pytest.raises(BadRequest, match="no value for level"):
        encode_row(SCHEMA, {"number": 1})


def test_a_long_value_is_shown_cut() -> None:
    """
    A refusal shows the beginning of a long value, not all of it.
    """
    with pytest.raises(BadRequest) as refusal:
        encode_row(SCHEMA, {"number": "9" * 5000, "level": None})

    assert len(refusal.value.what) < 100
