from dataclasses import replace

import pytest

from shipworthy.bounds import Outcome
from shipworthy.records import Interval
from shipworthy.registry.gates.base import EXAMPLE, AgainstChampion
from shipworthy.registry.gates.beats_champion import BeatsChampion
from shipworthy.spec.acting import Margin


@pytest.mark.parametrize(
    ("value", "difference", "outcome"),
    [
        (11.9, Interval(-0.7, -0.1), "pass"),
        (12.2, Interval(-0.6, 0.4), "pass"),
        (12.35, Interval(0.01, 0.09), "pass"),
        (12.5, Interval(-0.2, 0.6), "unknown"),
        (13.1, Interval(0.4, 1.2), "fail"),
        (None, Interval(-0.7, -0.1), "unknown"),
        (11.9, None, "unknown"),
        (float("nan"), Interval(-0.7, -0.1), "unknown"),
    ],
    ids=["better", "better by luck", "worse by nothing that matters", "perhaps worse", "worse", "not measured", "too few days", "NaN"],
)
def test_it_must_not_be_worse(value: float | None, difference: Interval | None, outcome: Outcome) -> None:
    """
    Against a champion that is off by 12.3: no worse passes, worse fails, and what cannot be told is unknown.
    """
    pair = AgainstChampion("mae", EXAMPLE.offline.window, 27345, value, 12.3, difference)

    assert BeatsChampion().judge(replace(EXAMPLE, against_champion=pair)).outcome == outcome


def test_the_first_version_has_nothing_to_beat() -> None:
    """
    Where nothing answers yet, there is nothing to be worse than.
    """
    verdict = BeatsChampion().judge(replace(EXAMPLE, champion=None, against_champion=None))

    assert (verdict.outcome, verdict.words) == ("pass", "There is no champion to beat.")


def test_the_words_name_the_version_that_answers() -> None:
    """
    The refusal says which version is better, by how much, and keeps it.
    """
    assert BeatsChampion().judge(BeatsChampion.fails).words.endswith("version 3 is better by 0.80 [0.40 to 1.20]. Keep the champion.")


@pytest.mark.parametrize(
    ("margin", "difference", "outcome", "words"),
    [
        ({"absolute": 0.5}, Interval(0.1, 0.4), "pass", "surely within the margin of 0.5 that the spec allows"),
        ({"relative": 0.1}, Interval(-0.2, 0.9), "pass", "surely within the margin of 1.23"),
        ({"absolute": 0.5}, Interval(0.1, 0.9), "unknown", "cannot tell"),
        ({"absolute": 0.5}, Interval(0.6, 0.9), "fail", "Keep the champion"),
        (None, Interval(0.1, 0.9), "fail", "Keep the champion"),
    ],
)
def test_a_stated_margin_is_held_to(margin: dict[str, float] | None, difference: Interval, outcome: str, words: str) -> None:
    """
    A candidate that is surely less worse than the margin passes, with the margin in its words; one that is surely worse than it fails.
    """
    evaluation = EXAMPLE.spec.evaluation.model_copy(update={"margin": Margin.model_validate(margin) if margin else None})
    pair = AgainstChampion("mae", EXAMPLE.offline.window, 27345, 12.5, 12.3, difference)
    spec = EXAMPLE.spec.model_copy(update={"evaluation": evaluation})
    found = BeatsChampion().judge(replace(EXAMPLE, spec=spec, against_champion=pair))

    assert found.outcome == outcome
    assert words in found.words
