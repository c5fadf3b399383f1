"""What studies ask of a part of the holdout."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shipworthy.flows.looks import sample
from shipworthy.flows.studies.ablation import Ablation
from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.explanation import Explanation
from shipworthy.flows.studies.importance import Importance
from shipworthy.flows.studies.robustness import Robustness
from shipworthy.records import Chapter

LOOKS = 10


def test_intervals_have_the_level_that_the_looks_leave(subject: Subject) -> None:
    """
    After ten looks a mean is told at 99.5 %, and its interval is wider.
    """
    once, often = sample(subject), sample(replace(subject, looks=LOOKS))
    narrow, wide = once.interval(once.losses), often.interval(often.losses)

    assert (narrow.level, wide.level) == (0.95, pytest.approx(0.995))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize("study", [Explanation, Robustness, Ablation, Importance])
def test_studies_of_features_widen_with_the_looks(subject: Subject, study: Callable[[], object]) -> None:
    """
    What features contribute, what their loss costs and what they are worth is less sure after ten looks.
    """
    once, often = (study().look(replace(subject, looks=looks)) for looks in (1, LOOKS))

    assert _width(often) > 1.1 * _width(once)


def _width(chapter: Chapter) -> float:
    """Return the summed width of the intervals of the first table."""
    table = chapter.tables[0]
    low = next(place for place, name in enumerate(table.columns) if name.endswith("from"))
    return sum(row[low + 1] - row[low] for row in table.rows)
