"""Outcomes that are late, against what is usual."""

from dataclasses import replace

from shipworthy.monitoring.examples import matured, week
from shipworthy.monitoring.monitors.base import Seen
from shipworthy.monitoring.monitors.outcome_delay import OutcomeDelay


def outcome(comparison):
    return OutcomeDelay().judge(comparison)[0].verdict.outcome


def test_what_past_windows_miss_is_usual():
    """
    Where a fifth of the outcomes never come, a fifth missing is no alarm, and half is.
    """
    past = tuple(Seen(window=week(place), mature=1000, outcomes=800 + place) for place in range(5))

    assert outcome(replace(matured(1000, 800), past=past)) == "pass"
    assert outcome(replace(matured(1000, 500), past=past)) == "fail"


def test_a_few_missing_outcomes_among_few_are_chance():
    """
    The share alone does not fail: it must lie beyond chance.
    """
    assert outcome(replace(matured(30, 27), minimum_rows=20)) == "pass"


def test_no_outcome_at_all_fails():
    """
    Labels that stopped coming are found though nothing else can be measured.
    """
    assert outcome(matured(1000, 0)) == "fail"
