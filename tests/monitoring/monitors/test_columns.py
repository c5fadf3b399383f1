"""The edges of the monitors that look at columns."""

from dataclasses import replace

import pytest

from shipworthy.monitoring.examples import columns
from shipworthy.monitoring.monitors.drift import Drift
from shipworthy.monitoring.monitors.new_category import NewCategory
from shipworthy.monitoring.monitors.null_share import NullShare
from shipworthy.monitoring.monitors.out_of_range import OutOfRange


def outcomes(monitor, comparison) -> dict[str, str]:
    return {found.verdict.subject: found.verdict.outcome for found in monitor.judge(comparison)}


@pytest.mark.parametrize("monitor", [Drift(), NullShare(), OutOfRange()], ids=lambda monitor: monitor.name)
def test_a_thin_window_is_unknown_for_each_column(monitor):
    """
    A window of fewer rows than asked for says so, column by column, whatever its rows show.
    """
    thin = replace(monitor.fails, minimum_rows=10_000)

    assert set(outcomes(monitor, thin)) == set(outcomes(monitor, monitor.fails))
    assert set(outcomes(monitor, thin).values()) == {"unknown"}


def test_a_column_of_nulls_is_missing_and_its_drift_is_unknown():
    """
    A column whose every value is gone fails for its nulls; nothing can be said of how it moved.
    """
    gone = columns({"price": [1.0, 2.0] * 300}, {"price": [None] * 300})

    assert outcomes(NullShare(), gone) == {"demand.price": "fail"}
    assert outcomes(Drift(), gone) == {"demand.price": "unknown"}
    assert outcomes(OutOfRange(), gone) == {"demand.price": "unknown"}


def test_a_constant_that_changes_has_drifted():
    """
    A number that never varied and now has another value is found, though it has no standard deviation.
    """
    assert outcomes(Drift(), columns({"price": [1.0] * 600}, {"price": [2.0] * 300})) == {"demand.price": "fail"}


def test_a_big_sample_of_a_small_shift_passes():
    """
    A shift of 0.02 standard deviations in many rows is beyond chance and of no effect: it passes.
    """
    many = [float(n % 1000) for n in range(50_000)]

    assert outcomes(Drift(), columns({"price": many}, {"price": [value + 6 for value in many]})) == {"demand.price": "pass"}


def test_which_of_many_levels_are_new_cannot_be_told():
    """
    With more than 1,000 levels new ones are unknown, never a pass.
    """
    many = columns({"key": [str(n) for n in range(1200)]}, {"key": [str(n) for n in range(300)]})

    assert outcomes(NewCategory(), many) == {"demand.key": "unknown"}


def test_four_new_rows_are_too_few():
    """
    A new level in fewer than five rows passes, in five it fails.
    """
    known = ["red"] * 1000

    assert outcomes(NewCategory(), columns({"c": known}, {"c": ["red"] * 296 + ["new"] * 4})) == {"demand.c": "pass"}
    assert outcomes(NewCategory(), columns({"c": known}, {"c": ["red"] * 295 + ["new"] * 5})) == {"demand.c": "fail"}
