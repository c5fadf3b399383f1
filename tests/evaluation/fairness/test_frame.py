"""Our rates are Fairlearn's."""

import numpy as np
import pytest

from shipworthy.evaluation.fairness.disparity import farthest
from shipworthy.evaluation.fairness.frame import disparities
from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.outcomes import ERROR, measured, outcomes


@pytest.mark.parametrize("favourable", [0, 1])
def test_differences_and_ratios_are_those_of_fairlearn(favourable: int):
    """
    To twelve places, whichever outcome is the good one.
    """
    random = np.random.default_rng(5)
    groups = Groups("race", ("a", "b", "c"), random.integers(0, 3, 900))
    answers, truth = random.random(900), (random.random(900) < 0.4).astype(float)
    seen = outcomes("binary", answers, truth, np.arange(900), threshold=0.6, favourable=favourable)

    theirs, ours = disparities("binary", seen.decided, seen.true, groups), measured(seen, groups)

    for name, apart in theirs.items():
        assert farthest(ours[name]) == pytest.approx((apart["difference"], apart["ratio"]), abs=1e-12)


def test_errors_of_a_regression_are_those_of_fairlearn():
    """
    The mean absolute error of each group.
    """
    random = np.random.default_rng(6)
    groups = Groups("sex", ("f", "m"), random.integers(0, 2, 300))
    answers, truth = random.normal(size=300), random.normal(size=300)
    seen = outcomes("regression", answers, truth, np.arange(300), threshold=0.5, favourable=1)

    apart = disparities("regression", answers, truth, groups)[ERROR]

    assert farthest(measured(seen, groups)[ERROR]) == pytest.approx((apart["difference"], apart["ratio"]), abs=1e-12)
