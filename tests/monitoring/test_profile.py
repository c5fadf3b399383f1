"""Profiles add up, and come back from JSON as they were."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shipworthy.monitoring.profile import MOST_LEVELS, Anchor, Levels, Numbers, Profile, as_json, from_json, level_by_level, mean, merge
from shipworthy.monitoring.scan import profile

ANCHORS = {"x": Anchor(0.0, 1.0, -2.0, 2.0)}
ROWS = some.lists(some.tuples(some.none() | some.floats(-5, 5), some.none() | some.sampled_from("abc")), max_size=20)


def of(rows: list[tuple[float | None, str | None]]) -> Profile:
    table = pa.table({"x": pa.array([x for x, _ in rows], pa.float64()), "c": pa.array([c for _, c in rows], pa.string())})
    return profile(table, {"x": "number", "c": "category"}, ANCHORS)


@settings(max_examples=20, deadline=None)
@given(ROWS, ROWS)
def test_profiles_add_up(one, other):
    """
    The profile of two windows together is the sum of theirs.
    """
    assert merge([of(one), of(other)]) == of(one + other)


def test_a_profile_survives_json():
    """
    A profile that was kept as JSON text is the same profile.
    """
    kept = of([(1.0, "a"), (None, None), (9.0, "b")])

    assert from_json(json.loads(json.dumps(as_json(kept)))) == kept
    assert (kept.kinds, kept.anchors) == ({"x": "number", "c": "category"}, ANCHORS)


def test_profiles_of_other_anchors_do_not_add_up():
    """
    Counts in other bins are refused instead of summed.
    """
    other = Profile(1, {"x": Numbers(Anchor(1.0, 1.0), 1, 0, {0: 1})}, {"c": Levels(1, 0, {"a": 1})})

    with pytest.raises(ValueError, match="do not add up"):
        merge([of([(1.0, "a")]), other])


def test_nothing_adds_up_to_no_rows():
    """
    No windows make a profile of no rows, and a mean that is not known.
    """
    assert merge([]) == Profile(0)
    assert mean(Numbers(Anchor(0.0, 1.0), 3, 3)) is None


def test_too_many_levels_are_cut_when_they_meet():
    """
    Two windows of a thousand levels each make one of a thousand, and the rest.
    """
    one, other = (Profile(1000, {}, {"c": Levels(1000, 0, {str(place + start): 1 for place in range(1000)})}) for start in (0, 1000))
    both = merge([one, other]).categories["c"]

    assert (len(both.counts), both.rest, both.known) == (MOST_LEVELS, 1000, 2000)


def test_levels_that_nobody_can_tell_from_the_rest_are_in_the_rest():
    """
    Where the reference has more levels than are kept, a level it does not name may be one of the others.
    """
    levels, one, other = level_by_level(Levels(12, 0, {"a": 10}, 2), Levels(5, 0, {"a": 4, "z": 1}))

    assert (levels, one.tolist(), other.tolist()) == (["a"], [10.0, 2.0], [4.0, 1.0])
