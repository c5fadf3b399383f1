"""Profiles, by real DuckDB, against counting by hand."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shipworthy.monitoring.profile import Anchor, Numbers, mean
from shipworthy.monitoring.scan import anchors, profile, profiles
from shipworthy.records import Window

DAY = timedelta(days=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = [Window(START + place * DAY, START + (place + 1) * DAY) for place in range(3)]
NUMBERS = some.one_of(some.none(), some.floats(width=32), some.integers(-5, 5).map(float))


@settings(max_examples=30, deadline=None)
@given(some.lists(some.tuples(NUMBERS, some.sampled_from([None, "a", "b", ""])), max_size=40))
def test_counts_are_those_of_counting_by_hand(rows):
    """
    Nulls, NaN, values out of range and levels are counted exactly, whatever the numbers are.
    """
    values, levels = [value for value, _ in rows], [level for _, level in rows]
    table = pa.table({"x": pa.array(values, pa.float64()), "c": pa.array(levels, pa.string())})
    found = profile(table, {"x": "number", "c": "category"}, {"x": Anchor(0.0, 1.0, -3.0, 3.0)})
    known = [value for value in values if value is not None and not math.isnan(value)]

    assert (found.rows, found.numbers["x"].known, sum(found.numbers["x"].bins.values())) == (len(rows), len(known), len(known))
    assert (found.numbers["x"].below, found.numbers["x"].above) == (sum(v < -3 for v in known), sum(v > 3 for v in known))
    assert found.categories["c"].counts == dict(Counter(level for level in levels if level is not None))
    assert found.categories["c"].nulls == levels.count(None)


def test_windows_of_one_scan_are_the_profiles_of_their_rows():
    """
    One scan of many windows gives what a scan of each gives; rows outside them, and rows without a time, are in none.
    """
    moments = [START + place * DAY / 4 for place in range(-3, 16)]
    table = pa.table({"t": pa.array([*moments, None], pa.timestamp("us", "UTC")), "x": [float(n) for n in range(20)], "c": ["a", "b"] * 10})
    kinds = {"x": "number", "c": "category"}
    fixed = anchors(table, kinds)
    inside = [[window.start <= moment < window.end for moment in moments] + [False] for window in DAYS]

    assert profiles(table, DAYS, "t", kinds, fixed) == [profile(table.filter(pa.array(mask)), kinds, fixed) for mask in inside]


def test_an_empty_window_has_no_rows():
    """
    A window in which nothing happened has a profile of no rows, which every monitor calls unknown.
    """
    table = pa.table({"t": pa.array([START], pa.timestamp("us", "UTC")), "x": [1.0]})
    first, second, _ = profiles(table, DAYS, "t", {"x": "number"}, {"x": Anchor(0.0, 1.0)})

    assert (first.rows, second.rows, second.numbers["x"]) == (1, 0, Numbers(Anchor(0.0, 1.0), 0, 0))


def test_a_column_that_is_gone_counts_as_null():
    """
    A feature that is not there is missing in every row, so that its nulls are seen.
    """
    found = profile(pa.table({"y": [1, 2]}), {"x": "number", "c": "category"}, {"x": Anchor(0.0, 1.0)})

    assert (found.numbers["x"].nulls, found.categories["c"].nulls) == (2, 2)


def test_text_in_place_of_a_number_counts_as_null_unless_it_reads_as_one():
    """
    A type that changed upstream shows as missing values instead of breaking the scan.
    """
    found = profile(pa.table({"x": ["1.5", "n/a", None]}), {"x": "number"}, {"x": Anchor(0.0, 1.0)})

    assert found.numbers["x"].nulls == 2


def test_whole_numbers_and_yes_or_no_are_numbers():
    """
    Integers, booleans and decimals are counted as numbers.
    """
    table = pa.table({"n": [1, 2], "b": [True, False], "d": pa.array([1, 2], pa.decimal128(5, 2))})
    kinds = {"n": "number", "b": "number", "d": "number"}

    assert all(numbers.nulls == 0 for numbers in profile(table, kinds, anchors(table, kinds)).numbers.values())


def test_levels_beyond_the_thousandth_are_counted_together():
    """
    A column of keys does not make a profile of its size.
    """
    found = profile(pa.table({"c": [*map(str, range(1500)), "7", None]}), {"c": "category"}, {}).categories["c"]

    assert (len(found.counts), found.rest, found.nulls, found.counts["7"]) == (1000, 500, 1, 2)


def test_anchors_of_nothing_and_of_a_constant():
    """
    A column without values has no range; one without spread has bins of one unit.
    """
    table = pa.table({"gone": pa.array([None, float("nan")], pa.float64()), "same": [7.0, 7.0], "skewed": [0.0, 0.0]})
    found = anchors(table, {"gone": "number", "same": "number", "absent": "number"})

    assert found == {"gone": Anchor(0.0, 1.0), "same": Anchor(7.0, 1.0, 7.0, 7.0), "absent": Anchor(0.0, 1.0)}


def test_a_number_without_an_anchor_is_refused():
    """
    Bins without an anchor could never be compared.
    """
    with pytest.raises(ValueError, match="anchor"):
        profile(pa.table({"x": [1.0]}), {"x": "number"}, {})


def test_the_mean_of_bins_is_near_the_mean_of_values():
    """
    Bins are fine enough for a mean in words.
    """
    values = np.random.default_rng(1).gamma(2.0, 10.0, 5000)
    table = pa.table({"x": values})
    found = profile(table, {"x": "number"}, anchors(table, {"x": "number"})).numbers["x"]

    assert mean(found) == pytest.approx(values.mean(), rel=0.01)
