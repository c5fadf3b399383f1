"""When a promise is broken, and when it is only close to it."""

from dataclasses import replace

import pytest

from shipworthy.monitoring.examples import realized
from shipworthy.monitoring.monitors.realized_decay import RealizedDecay
from shipworthy.records import Interval


def said(comparison):
    return RealizedDecay().judge(comparison)[0].verdict


@pytest.mark.parametrize(
    ("value", "low", "high", "outcome"),
    [
        (12.0, 10.6, 13.4, "fail"),
        (12.0, 10.4, 13.6, "pass"),
        (10.52, 10.51, 10.53, "fail"),
        (10.4, 10.51, 10.6, "pass"),
        (8.0, 7.5, 8.5, "pass"),
    ],
    ids=["wholly above", "intervals touch", "just above the floor", "below the floor", "better than promised"],
)
def test_a_promise_is_broken_beyond_doubt_or_not_at_all(value, low, high, outcome):
    """
    Both the interval and a floor of 0.05 must be crossed.
    """
    assert said(realized(value, low, high)).outcome == outcome


def test_a_model_that_loses_to_its_rule_fails_though_the_promise_holds():
    """
    A model worse than the rule on the same rows is of no use, whatever was promised.
    """
    verdict = said(realized(10.0, 9.5, 10.5, difference=Interval(0.1, 0.5)))

    assert (verdict.outcome, verdict.words[:27]) == ("fail", "the model loses to its rule")


def test_words_hold_all_figures():
    """
    The words name metric, value, interval, promise and rule.
    """
    words = said(realized(12.0, 11.5, 12.5)).words

    assert words == (
        "the promise is broken: version 1's mae was 12 (11.5 to 12.5) where 10 (9.5 to 10.5) was promised; "
        "the rule had 14 on the same 5,000 predictions"
    )


@pytest.mark.parametrize("change", [{"value": None}, {"interval": None}, {"rows": 199}])
def test_what_is_not_known_of_the_window_is_unknown(change):
    """
    Immature or few labels neither keep nor break a promise.
    """
    comparison = realized(12.0, 11.5, 12.5)
    now = replace(comparison.current.realized, **change)

    assert said(replace(comparison, current=replace(comparison.current, realized=now))).outcome == "unknown"


def test_a_promise_of_nothing_is_unknown():
    """
    Without an offline promise there is nothing to hold a model to.
    """
    comparison = realized(12.0, 11.5, 12.5)

    assert said(replace(comparison, promise=replace(comparison.promise, value=None))).outcome == "unknown"
