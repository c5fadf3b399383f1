from dataclasses import replace

import pytest

from shipworthy.bounds import Outcome
from shipworthy.records import Interval
from shipworthy.registry.gates.base import EXAMPLE, AgainstChampion
from shipworthy.registry.gates.beats_champion import BeatsChampion


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
