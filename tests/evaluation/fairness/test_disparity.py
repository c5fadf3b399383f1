"""Two groups beside each other, and what a policy says of them."""

import math

import numpy as np
import pytest

from shipworthy.evaluation.fairness.disparity import Limit, difference, farthest, judge, ratio
from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.rates import Spread, spreads

FOUR_FIFTHS, TENTH = Limit(least_ratio=0.8), Limit(most_difference=0.1)


def share(value: float, rows: int) -> Spread:
    return Spread(rows, value, math.sqrt(value * (1 - value) / rows), rows, True)


def test_the_difference_is_newcombes():
    """
    56 of 70 beside 48 of 80 is 0.2 [0.0524 to 0.3339]: the first example of Newcombe (1998), up to t quantiles.
    """
    found = difference(share(56 / 70, 70), share(48 / 80, 80))

    assert found is not None
    assert found.low == pytest.approx(0.0524, abs=3e-3)
    assert found.high == pytest.approx(0.3339, abs=3e-3)


def test_the_ratio_lies_between_its_ends_and_turns_over():
    """
    First by second and second by first have each other's ends.
    """
    one, other = share(0.2, 400), share(0.4, 500)

    there, back = ratio(one, other), ratio(other, one)

    assert there is not None
    assert back is not None
    assert there.low < 0.5 < there.high
    assert there.low == pytest.approx(1 / back.high)


def test_a_ratio_to_nobody_has_no_upper_end():
    """
    Where the second may be nothing, the ratio may be anything; where nothing is known, neither is the ratio.
    """
    hardly = Spread(60, 1 / 60, 1 / 60, 60, False)

    found = ratio(share(0.2, 400), hardly)

    assert found is not None
    assert found.high == math.inf
    assert ratio(share(0.2, 400), share(0.0, 60)) is None
    assert difference(share(0.2, 400), Spread(60, 0.1, None, 3, True)) is None


@pytest.mark.parametrize(
    ("rates", "rows", "limit", "outcome"),
    [
        ((0.30, 0.31), 20_000, FOUR_FIFTHS, "pass"),
        ((0.20, 0.31), 20_000, FOUR_FIFTHS, "fail"),
        ((0.25, 0.31), 400, FOUR_FIFTHS, "unknown"),
        ((0.30, 0.31), 20_000, TENTH, "pass"),
        ((0.20, 0.45), 20_000, TENTH, "fail"),
        ((0.20, 0.29), 400, TENTH, "unknown"),
    ],
)
def test_surely_beyond_fails_surely_within_passes(rates: tuple[float, float], rows: int, limit: Limit, outcome: str):
    """
    What the interval leaves open is unknown.
    """
    assert judge({"rate": [share(rate, rows) for rate in rates]}, ("f", "m"), limit, least=50).outcome == outcome


def test_the_worst_pair_comes_first_the_lower_group_first():
    """
    Of three groups the two farthest apart are told.
    """
    found = judge({"rate": [share(0.5, 900), share(0.2, 900), share(0.4, 900)]}, ("a", "b", "c"), FOUR_FIFTHS, least=50)

    assert (found.pairs[0].first, found.pairs[0].second) == ("b", "a")
    assert found.pairs[0].value == pytest.approx(0.4)
    assert len(found.pairs) == 3


def test_a_reference_is_all_that_others_are_held_to():
    """
    Groups that differ from each other and not from the reference pass.
    """
    rates = {"rate": [share(0.30, 50_000), share(0.33, 50_000), share(0.27, 50_000)]}
    limit = Limit(least_ratio=0.85)

    assert judge(rates, ("a", "b", "c"), limit, least=50).outcome == "fail"
    assert judge(rates, ("a", "b", "c"), limit, least=50, reference="a").outcome == "pass"


def test_small_groups_are_named_and_many_of_them_let_nothing_pass():
    """
    Thirty people beside forty thousand are told; a group that is a tenth of all and not judged is no pass.
    """
    rare = judge({"rate": [share(0.3, 20_000), share(0.3, 20_000), share(0.1, 30)]}, ("a", "b", "c"), FOUR_FIFTHS, least=50)
    many = judge({"rate": [share(0.3, 20_000), share(0.3, 20_000), share(0.1, 4_000)]}, ("a", "b", "c"), FOUR_FIFTHS, least=5_000)

    assert (rare.outcome, rare.small) == ("pass", ("c",))
    assert (many.outcome, many.small) == ("unknown", ("c",))


def test_one_group_alone_is_unknown():
    """
    Nobody can be unlike when there is nobody to be unlike to.
    """
    alone = judge({"rate": [share(0.3, 2_000), share(0.1, 3)]}, ("a", "b"), FOUR_FIFTHS, least=50)

    assert (alone.outcome, alone.pairs) == ("unknown", ())
    assert judge({"rate": []}, (), FOUR_FIFTHS, least=50).outcome == "unknown"


def test_groups_by_chance_are_hardly_ever_refused():
    """
    Five groups drawn at random out of people with one rate fail in fewer than 5 of 100 draws, although ten pairs are looked at.
    """
    random, refused = np.random.default_rng(4), 0
    for _ in range(200):
        groups = Groups("any", tuple("abcde"), random.integers(0, 5, 1500))
        values = (random.random(1500) < 0.3).astype(float)
        refused += (
            judge({"rate": spreads(values, groups, np.arange(1500))}, groups.names, Limit(least_ratio=0.999), least=50).outcome == "fail"
        )

    assert refused < 10


def test_the_groups_farthest_apart():
    """
    Difference and ratio go by the highest and the lowest; a highest of nothing has no ratio.
    """
    assert farthest([share(0.2, 9), share(0.5, 9), Spread(0, None, None, 0, True)]) == (0.3, 0.4)
    assert farthest([share(0.0, 9), share(0.0, 9)]) == (0.0, None)
    assert farthest([share(0.2, 9)]) == (None, None)
