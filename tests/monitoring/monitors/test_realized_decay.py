"""When a promise is broken, and when it is only close to it."""

from dataclasses import replace

import pytest

from shipworthy.monitoring.examples import realized, week
from shipworthy.monitoring.monitors.realized_decay import RealizedDecay
from shipworthy.records import Interval


def said(comparison):
    return RealizedDecay().judge(comparison)[0].verdict


@pytest.mark.parametrize(
    ("value", "low", "high", "outcome"),
    [
        (12.0, 10.6, 13.4, "fail"),
        (12.0, 10.2, 13.8, "pass"),
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


def weeks(values, *, half, rule=20.0, version=1, last=8):
    """Return a week that realized the last of `values`, after weeks that realized the others; each is known to `half`."""
    comparison = realized(values[-1], values[-1] - half, values[-1] + half)
    first = last - len(values) + 1
    every = [
        replace(
            comparison.current.realized,
            value=value,
            interval=Interval(value - half, value + half),
            rule=rule,
            difference=Interval(value - rule - half, value - rule + half),
            window=week(first + place),
            version=version,
        )
        for place, value in enumerate(values)
    ]
    return replace(comparison, current=replace(comparison.current, window=week(last), realized=every[-1]), realized=tuple(every[:-1]))


def test_weeks_that_tell_nothing_alone_tell_together():
    """
    A decay of a fifth, in weeks too noisy to show it one by one, is found over four of them.
    """
    assert said(weeks([12.0], half=2.0)).outcome == "pass"
    assert said(weeks([12.0, 12.0, 12.0, 12.0], half=2.0)).outcome == "fail"
    assert "in the windows before it was 12, 12, 12" in said(weeks([12.0, 12.0, 12.0, 12.0], half=2.0)).words


def test_one_bad_week_among_good_ones_is_not_enough():
    """
    A noisy week above the promise is carried by the three before it.
    """
    assert said(weeks([10.0, 10.0, 10.0, 12.0], half=2.0)).outcome == "pass"


def test_old_weeks_do_not_count():
    """
    Only this window and three before it are taken together: what was long ago neither saves nor damns.
    """
    assert said(weeks([9.0] * 6 + [12.0] * 4, half=2.0)).outcome == "fail"
    assert said(weeks([14.0] * 6 + [10.0] * 4, half=2.0)).outcome == "pass"


def test_weeks_of_the_version_before_do_not_count():
    """
    A new version is not damned by its predecessor's weeks.
    """
    comparison = weeks([12.0, 12.0, 12.0, 12.0], half=2.0)
    others = tuple(replace(one, version=7) for one in comparison.realized)

    assert said(replace(comparison, realized=others)).outcome == "pass"


def test_losing_to_the_rule_by_little_is_found_over_weeks():
    """
    A model slightly worse than its rule, week after week, loses to it; a single such week may be chance.
    """
    assert said(weeks([10.0], half=1.0, rule=9.3)).outcome == "pass"
    assert said(weeks([10.0] * 4, half=1.0, rule=9.3)).words.startswith("the model loses to its rule")


def test_weeks_of_which_nothing_is_known_are_left_out():
    """
    An earlier window without a value, or without a rule, is no evidence.
    """
    comparison = weeks([12.0, 12.0, 12.0, 12.0], half=2.0)
    silent = tuple(replace(one, value=None, rule=None, difference=None) for one in comparison.realized)

    assert said(replace(comparison, realized=silent)).outcome == "pass"
