"""Curves that are known, carried on: reached, reachable, not reachable, too little to tell."""

import numpy as np
import pytest

from shipworthy.evaluation.learning_curve import Outlook, outlook
from shipworthy.evaluation.resampling import blocks_of

TODAY, DAYS, A_DAY = 4000, 28, 40


def drawn(seed: int, *, level: float, scale: float, power: float, target: float, aging: float = 0.0, sizes: int = 7) -> Outlook | None:
    """An outlook on losses around a known curve: days and rows vary for all models alike, each model has some luck of its own."""
    random = np.random.default_rng(seed)
    rows, ages = [], []
    for turn in range(sizes):
        size = TODAY / 1.6**turn
        for later in (0.0,) if not turn else (0.0, 0.5, 1.0):
            rows.append(int(size))
            ages.append(later * (TODAY - size) / TODAY * 200)
    means = level + scale * (np.array(rows) / TODAY) ** -power + aging * np.array(ages) + random.normal(0, 0.02, len(rows))
    common = np.repeat(random.normal(0, 0.3, DAYS), A_DAY) + random.normal(0, 1, DAYS * A_DAY)
    losses = means + common[:, None] + random.normal(0, 0.3, (DAYS * A_DAY, len(rows)))
    times = np.datetime64("2026-01-01", "us") + np.repeat(np.arange(DAYS), A_DAY) * np.timedelta64(1, "D")
    return outlook(rows, ages, losses, blocks_of(times), target)


def sure(seed: int = 1, **known: float) -> Outlook:
    found = drawn(seed, **known)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_target_below_which_the_curve_falls_is_reachable_with_so_much_more():
    """
    10 + 2 n^-0.5 is at 11.3 with 2.37 times the rows.
    """
    found = sure(level=10, scale=2, power=0.5, target=11.3)

    assert found.reach == "reachable"
    assert found.factor == pytest.approx(2.37, rel=0.4)
    assert found.factor_interval is not None
    assert found.factor_interval.low < 2.37 < found.factor_interval.high
    assert found.now_interval is not None
    assert found.now_interval.low < 12 < found.now_interval.high


def test_a_target_below_the_level_is_not_reachable():
    """
    A curve that levels off at 12 does not reach 10.5, and the interval of where it levels off says so.
    """
    found = sure(level=12, scale=1, power=0.7, target=10.5)

    assert (found.reach, found.factor) == ("unreachable", None)
    assert found.later_interval is not None
    assert found.later_interval.low > 10.5


def test_a_target_above_the_loss_of_today_is_reached():
    """
    Nothing more is needed.
    """
    assert sure(level=10, scale=1, power=0.5, target=12).reach == "reached"


def test_a_target_that_chance_decides_cannot_be_told():
    """
    Where about half of the curves that fit get there and half do not, nobody knows.
    """
    reaches = [sure(seed, level=10, scale=2, power=0.5, target=10.62).reach for seed in range(6)]

    assert "unknown" in reaches
    assert "reached" not in reaches


def test_too_little_is_not_told():
    """
    Three amounts of history, four days, or a loss that is not known give no curve.
    """
    four_days = blocks_of(np.datetime64("2026-01-01", "us") + np.arange(40) // 10 * np.timedelta64(1, "D"))

    assert drawn(1, level=10, scale=2, power=0.5, target=11, sizes=3) is None
    assert outlook([100, 200, 400, 800], [0.0] * 4, np.ones((40, 4)), four_days, 1.0) is None
    assert outlook([100, 200, 400, 800], [0.0] * 4, np.full((40, 4), np.nan), four_days, 1.0) is None


def test_what_age_costs_is_told_apart_from_what_rows_bring():
    """
    Old stretches are worse by a hundredth a day; the curve for rows up to date is the same.
    """
    found = sure(level=10, scale=2, power=0.5, target=11.3, aging=0.01)

    assert found.aging == pytest.approx(0.01, rel=0.2)
    assert found.now == pytest.approx(12, abs=0.3)


def test_losses_that_do_not_fall_have_a_flat_curve():
    """
    More of the same brings nothing, and the curve does not rise either.
    """
    found = sure(level=10, scale=0, power=1, target=9)

    assert found.reach == "unreachable"
    assert found.later == pytest.approx(found.now, abs=0.1)


def test_intervals_of_what_is_carried_on_hold_the_truth():
    """
    Ten times the history: at least 21 of 24 intervals hold what the curve truly is there.
    """
    truth = 10 + 2 * 10**-0.5
    held = [one.later_interval for one in (sure(seed, level=10, scale=2, power=0.5, target=11.3) for seed in range(24))]

    assert sum(one is not None and one.low <= truth <= one.high for one in held) >= 21
