"""The smallest improvement that labels could show."""

import numpy as np
import pytest

from shipworthy.evaluation.power import smallest_shown

DAYS = np.datetime64("2026-01-01", "us") + np.arange(400) * np.timedelta64(1, "D")


def test_it_is_what_a_power_analysis_gives_for_independent_days():
    """
    (1.96 + 0.84) standard errors: 0.14 for 400 days of spread 1.
    """
    found = smallest_shown(np.random.default_rng(2).normal(size=400), DAYS)

    assert found == pytest.approx(2.8 / 20, rel=0.15)


def test_an_improvement_of_that_size_is_shown_in_four_of_five_cases():
    """
    Of 200 repetitions about 160 have an interval on one side of nothing.
    """
    random = np.random.default_rng(3)
    least = smallest_shown(random.normal(size=400), DAYS)
    assert least is not None

    shown = sum(abs(random.normal(least, 1, 400).mean()) > 1.96 / 20 for _ in range(200))

    assert 140 <= shown <= 185


def test_few_days_show_nothing():
    """
    Of four days it is not known.
    """
    assert smallest_shown(np.ones(4), DAYS[:4]) is None
