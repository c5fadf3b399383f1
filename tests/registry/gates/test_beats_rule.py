from dataclasses import replace

import pytest

from shipworthy.bounds import Outcome
from shipworthy.records import Interval, Verdict
from shipworthy.registry.gates.base import EXAMPLE
from shipworthy.registry.gates.beats_rule import BeatsRule


def judged(value: float | None, rule: float | None, difference: Interval | None, metric: str = "mae") -> Verdict:
    return BeatsRule().judge(
        replace(EXAMPLE, offline=replace(EXAMPLE.offline, metric=metric, value=value, rule=rule, difference=difference))
    )


def test_a_refusal_reads_as_a_person_would_say_it() -> None:
    """
    The refusal has the days, the rows, both figures with their unit, the difference with its interval, and the advice.
    """
    assert judged(22.71, 21.33, Interval(0.9, 1.84)).words == (
        "Refused: over 28 days (27,345 decisions) the model is off by 22.7 minutes on average, the rule by 21.3: "
        "the rule is better by 1.4 [0.9 to 1.8]. Keep the rule."
    )


@pytest.mark.parametrize(
    ("value", "rule", "difference", "outcome"),
    [
        (11.9, 13.8, Interval(-2.3, -1.5), "pass"),
        (13.7, 13.8, Interval(-0.3, 0.1), "fail"),
        (13.7, 13.8, Interval(-0.2, 0.0), "fail"),
        (13.9, 13.8, Interval(-0.1, 0.3), "fail"),
        (13.8, 13.8, Interval(0.0, 0.0), "fail"),
        (None, 13.8, Interval(-2.3, -1.5), "unknown"),
        (11.9, None, Interval(-2.3, -1.5), "unknown"),
        (11.9, 13.8, None, "unknown"),
        (float("nan"), 13.8, Interval(-2.3, -1.5), "unknown"),
        (11.9, 13.8, Interval(float("nan"), float("nan")), "unknown"),
    ],
)
def test_only_an_interval_wholly_below_zero_passes(
    value: float | None, rule: float | None, difference: Interval | None, outcome: Outcome
) -> None:
    """
    A model that is better by luck, no better, or not measured does not pass.
    """
    assert judged(value, rule, difference).outcome == outcome


def test_better_by_chance_is_said_so() -> None:
    """
    A model that looks better within the noise is refused for that, not called worse.
    """
    words = judged(13.7, 13.8, Interval(-0.3, 0.1)).words

    assert "the model is better by 0.10 [-0.10 to 0.30], which chance explains too. Keep the rule." in words


def test_a_probability_is_judged_by_its_own_loss() -> None:
    """
    Other metrics are called by their name; nothing is said to be off by minutes.
    """
    assert "the model has a Brier score of 0.101, the rule one of 0.124" in judged(0.101, 0.124, Interval(-0.03, -0.01), "brier").words


def test_without_a_rule_it_is_unknown() -> None:
    """
    A spec without a rule is no pass: nobody knows whether the problem needs a model.
    """
    verdict = BeatsRule().judge(replace(EXAMPLE, spec=EXAMPLE.spec.model_copy(update={"baseline": None})))

    assert verdict.outcome == "unknown"
    assert "baseline.sql" in verdict.fix
