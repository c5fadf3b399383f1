"""Bounds: closed, open where an end is None, and unknown is never a pass."""

import math

import pytest

from shipworthy.bounds import Bound, Outcome, worst


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        (Bound(high=0.05), [0.05, -1.0, -math.inf], [0.0500001, math.inf]),
        (Bound(low=1), [1.0, math.inf], [0.999, -math.inf]),
        (Bound(low=1, high=2), [1.0, 1.5, 2.0], [0.999, 2.001]),
        (Bound(low=0, high=0), [0.0, -0.0], [1e-300, -1e-300]),
        (Bound(), [0.0, math.inf, -math.inf], []),
    ],
    ids=str,
)
def test_ends_belong_to_a_bound(bound: Bound, inside: list[float], outside: list[float]) -> None:
    """
    A value at an end passes, one beyond it fails, however little.
    """
    assert {bound.judge(value) for value in inside} == {"pass"}
    assert {bound.judge(value) for value in outside} <= {"fail"}


@pytest.mark.parametrize("value", [None, math.nan])
@pytest.mark.parametrize("bound", [Bound(), Bound(low=0), Bound(high=0)], ids=str)
def test_what_is_not_known_is_unknown(bound: Bound, value: float | None) -> None:
    """
    Null and NaN pass no bound, not even one that any value passes.
    """
    assert bound.judge(value) == "unknown"


def test_a_bound_says_itself_in_words() -> None:
    """
    Each form has its words, as a page shows them.
    """
    bounds = [Bound(high=0.05), Bound(low=3), Bound(low=0, high=1), Bound()]

    assert [str(bound) for bound in bounds] == ["at most 0.05", "at least 3", "0 to 1", "any value"]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "unknown"], "unknown"),
        (["unknown", "fail", "pass"], "fail"),
        ([], "unknown"),
    ],
)
def test_the_worst_speaks_for_all(outcomes: list[Outcome], expected: Outcome) -> None:
    """
    One failure fails all, one unknown makes all unknown, and of nothing nothing is known.
    """
    assert worst(outcomes) == expected
