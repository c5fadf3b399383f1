"""Whether the probabilities of a fitted model mean what they say."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from shipworthy.flows.studies.base import Subject
from shipworthy.flows.studies.calibration import Calibration
from shipworthy.flows.studies.explanation import Explanation
from shipworthy.registry.encoding import encode


def test_a_model_of_values_has_no_calibration(subject: Subject) -> None:
    """
    Minutes are no probabilities.
    """
    assert Calibration().look(subject) is None


def test_answers_that_are_too_sure_are_told(late: Callable[..., Subject]) -> None:
    """
    Doubled log odds are surely too sure of themselves; the words say what would mend them.
    """
    subject = late()
    odds = np.log(subject.answers) - np.log1p(-subject.answers)
    found = Calibration().look(replace(subject, answers=1 / (1 + np.exp(-3 * odds))))

    assert "too sure of themselves" in found.words[0]
    assert "evaluation.calibrate: auto" in found.words[1]
    assert found.figures["slope"] < 0.6
    assert [row[4] > 0 for row in found.tables[0].rows] == [True] * 10


def test_what_is_asked_for_is_mended_and_still_explained(late: Callable[..., Subject]) -> None:
    """
    With 'isotonic' the answers lie between the knots of the decision, rows asked anew get the same ones, and their reasons add up.
    """
    subject = late(calibrate="isotonic")
    found = Calibration().look(subject)

    assert found.figures["mended"]
    assert set(subject.decision.said)
    assert subject.answers == pytest.approx(subject.answer(subject.held))
    assert subject.answers == pytest.approx(subject.decision.meaning(subject.fitted.answers(encode(subject.schema, subject.held))))
    assert Explanation().look(subject).verdicts[0].outcome == "pass"
