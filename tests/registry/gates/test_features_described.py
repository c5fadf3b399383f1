"""What must be described besides the features."""

from dataclasses import replace

from shipworthy.registry.gates.base import EXAMPLE
from shipworthy.registry.gates.features_described import FeaturesDescribed


def test_a_label_without_words_refuses_the_candidate() -> None:
    """
    What is learnt from is named as a feature would be.
    """
    verdict = FeaturesDescribed().judge(replace(EXAMPLE, foundations=dict(EXAMPLE.foundations) | {"arrivals.delay_minutes": " "}))

    assert verdict.outcome == "fail"
    assert verdict.evidence["undescribed"] == ["arrivals.delay_minutes"]


def test_what_nobody_looked_for_is_unknown() -> None:
    """
    Features alone are not all that a model stands on.
    """
    assert FeaturesDescribed().judge(replace(EXAMPLE, foundations={})).outcome == "unknown"
