"""Distances and tests, against scipy and against what chance gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from shipworthy.monitoring import distances
from shipworthy.monitoring.profile import side_by_side
from shipworthy.monitoring.scan import anchors, profile

KINDS = {"x": "number"}


def binned(reference: np.ndarray, current: np.ndarray):
    table = pa.table({"x": reference})
    fixed = anchors(table, KINDS)
    return side_by_side(*(profile(pa.table({"x": values}), KINDS, fixed).numbers["x"] for values in (reference, current)))


@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0, 30.0])
@pytest.mark.parametrize("shape", ["normal", "gamma", "year"])
def test_binned_distances_are_near_those_of_the_values(shape, shift):
    """
    Bins anchored on the reference lose less than three hundredths of the Wasserstein distance, and 0.01 of the KS distance.
    """
    rng = np.random.default_rng(3)
    draw = {
        "normal": lambda: rng.normal(0, 1, 4000),
        "gamma": lambda: rng.gamma(1.5, 1, 4000),
        "year": lambda: 2000 + rng.normal(0, 3, 4000),
    }
    reference, current = draw[shape](), draw[shape]() + shift
    positions, one, other = binned(reference, current)
    gap, _ = distances.kolmogorov_smirnov(one, other)

    true = stats.wasserstein_distance(reference, current) / reference.std()
    assert distances.wasserstein(positions, one, other) == pytest.approx(true, rel=0.03, abs=0.005)
    assert gap == pytest.approx(stats.ks_2samp(reference, current).statistic, abs=0.02)


def test_the_chance_of_a_gap_is_scipys():
    """
    On values that bins do not blur, the p-value is that of the asymptotic two-sample test.
    """
    rng = np.random.default_rng(5)
    one, other = rng.integers(0, 1000, 3000), rng.integers(0, 980, 2000)
    counts = [np.bincount(values, minlength=1000) for values in (one, other)]
    found = distances.kolmogorov_smirnov(*counts)
    wanted = stats.ks_2samp(one, other, method="asymp")

    assert found == pytest.approx((wanted.statistic, wanted.pvalue), rel=0.05)


@given(some.lists(some.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_chances_are_scipys(chances):
    """
    Benjamini and Hochberg's procedure, with the unknown ones left out.
    """
    found = distances.adjusted([None, *chances])

    assert found[0] is None
    assert found[1:] == pytest.approx(stats.false_discovery_control(chances).tolist())


def test_few_chance_findings_are_called_more_than_chance():
    """
    On samples of one distribution the total variation less what chance gives stays near zero, however many levels there are.
    """
    rng = np.random.default_rng(7)
    excess = []
    for _ in range(50):
        one, other = (np.bincount(rng.integers(0, 200, rows), minlength=200) for rows in (20_000, 1000))
        excess.append(distances.total_variation(one, other) - distances.chance_variation(one, other))

    assert abs(np.mean(excess)) < 0.005
    assert max(excess) < 0.05


def test_nothing_on_either_side_is_unknown():
    """
    No counts give no distance: silence is not nearness.
    """
    assert distances.wasserstein([0, 1], [0, 0], [1, 1]) is None
    assert distances.kolmogorov_smirnov([1, 1], [0, 0]) is None
    assert distances.total_variation([0, 0], [1, 1]) is None
    assert distances.chi_squared([0, 0], [50, 50]) is None
    assert distances.two_shares(0, 0, 1, 10) is None
    assert distances.highest_usual([0.1, 0.2, None, 0.3]) is None


def test_rare_levels_are_left_out_of_the_test():
    """
    Levels expected fewer than ten times would make the chi-squared test cry wolf.
    """
    common, rare = [500, 500], [1] * 50

    assert distances.chi_squared([*common, *rare], [50, 50, *rare]) == distances.chi_squared(common, [50, 50])
    assert distances.chi_squared([100, 3], [100, 3]) is None


def test_shares_without_any_case_do_not_differ():
    """
    None of either is no evidence at all.
    """
    assert distances.two_shares(0, 100, 0, 100) == 1.0
