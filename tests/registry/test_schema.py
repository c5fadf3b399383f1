from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from shipworthy.errors import BadArtifact, BadSpec, UnknownName
from shipworthy.registry.schema import MOST_LEVELS, Column, Schema, infer


def column(values: pa.Array, fewest_rows: int = 1) -> Column:
    schema = infer(pa.table({"x": values}), ["x"], model="late", task="regression", label="y", fewest_rows=fewest_rows)
    return schema.columns[0]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (pa.array([3, 1, None]), 1.0, 3.0),
        (pa.array([0.5, float("nan"), float("inf")]), 0.5, 0.5),
        (pa.array([Decimal("0.10"), Decimal("12.50")]), 0.1, 12.5),
        (pa.array([True, False, None]), 0.0, 1.0),
        (pa.array([1, 2**63], pa.uint64()), 1.0, 2.0**63),
    ],
    ids=["integers", "floats", "decimals", "booleans", "large integers"],
)
def test_numbers_of_every_kind_have_the_range_that_was_seen(values: pa.Array, low: float, high: float) -> None:
    """
    Integers, floats, decimals and booleans are numbers; their range leaves out null, NaN and infinity.
    """
    found = column(values)

    assert (found.kind, found.low, found.high) == ("number", low, high)


def test_nan_counts_as_null() -> None:
    """
    The share of nulls counts NaN too: both are missing to the model.
    """
    assert column(pa.array([1.0, None, float("nan"), 2.0])).null_share == 0.5


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_text_of_every_kind_is_a_category_with_sorted_levels(type_: pa.DataType) -> None:
    """
    Text is a category, however Arrow keeps it, and its levels are sorted.
    """
    found = column(pa.array(["b", "a", None, "b"]).cast(type_))

    assert (found.kind, found.categories, found.null_share) == ("category", ("a", "b"), 0.25)


def test_a_rare_level_is_not_told_apart() -> None:
    """
    A level seen in fewer rows than asked for is left to be met as unseen.
    """
    assert column(pa.array(["a"] * 5 + ["b"] * 4), fewest_rows=5).categories == ("a",)


def test_only_the_most_frequent_levels_are_told_apart() -> None:
    """
    Beyond 1,000 levels the rarest go, and among equals the last by name.
    """
    names = [f"level {number:04}" for number in range(MOST_LEVELS + 5)]
    found = column(pa.array([*names, names[-1]]))

    assert len(found.categories) == MOST_LEVELS
    assert names[-1] in found.categories
    assert names[-2] not in found.categories


@pytest.mark.parametrize("type_", [pa.int64(), pa.float64(), pa.null()], ids=str)
def test_a_column_of_nulls_stays_and_its_range_is_unknown(type_: pa.DataType) -> None:
    """
    A column where nothing but null was seen is kept; what it may hold is not known.
    """
    found = column(pa.array([None, None], type_))

    assert (found.kind, found.low, found.high, found.null_share) == ("number", None, None, 1.0)


@pytest.mark.parametrize("value", [date(2013, 5, 1), datetime(2013, 5, 1), [1, 2], {"a": 1}, b"raw"], ids=repr)
def test_what_a_model_cannot_take_is_refused_by_name(value: object) -> None:
    """
    A date, a timestamp, a list, a struct and bytes are refused with the column and what to do instead.
    """
    with pytest.raises(BadSpec, match=r"late\.x: a model cannot take a feature of type") as refusal:
        column(pa.array([value]))

    assert "feature's SQL" in refusal.value.fix


def test_a_feature_that_is_not_there_is_answered_with_the_nearest() -> None:
    """
    A feature that the training set lacks is refused with the nearest name.
    """
    with pytest.raises(UnknownName, match="did you mean 'carrier'"):
        infer(pa.table({"carrier": ["UA"]}), ["carier"], model="late", task="regression", label="y")


def test_descriptions_and_units_are_kept() -> None:
    """
    What the project says of a feature is in the schema, so that a service and a page can show it.
    """
    schema = infer(
        pa.table({"wind": [1.0]}),
        ["wind"],
        model="late",
        task="regression",
        label="y",
        descriptions={"wind": "At the origin"},
        units={"wind": "mph"},
    )

    assert (schema.columns[0].description, schema.columns[0].unit) == ("At the origin", "mph")


def test_json_gives_the_same_schema_back_and_the_same_bytes() -> None:
    """
    A schema survives its JSON in full, also after its codes were worked out.
    """
    schema = Schema(
        "late", "binary", "y", (Column("a", "number", "mph", "é", -0.1, 1e300), Column("b", "category", categories=("ä", "b"))), "minutes"
    )
    before = schema.to_json()

    assert schema.columns[1].codes == {"ä": 0.0, "b": 1.0}
    assert schema.to_json() == before
    assert Schema.from_json(before) == schema


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"model": "late"}', b'{"model": 1, "task": "binary", "label": "y", "columns": []}'])
def test_other_json_is_no_schema(text: bytes) -> None:
    """
    What is no schema is refused as an artifact.
    """
    with pytest.raises(BadArtifact, match=r"schema\.json: no input schema"):
        Schema.from_json(text)
