"""Whether one feature alone carries the score."""

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study, without_study

STUDY = "shortcut"


class Shortcut(Gate):
    """The score does not hang on one feature that tells all while everything else tells nothing.

    Fires when one feature that the rule does not name brings nearly all of the gain by itself, and without it nearly nothing is left.
    Blind to shortcuts that several features share. One feature, or a small part of the decisions, that carries most of it is noted.
    """

    passes = EXAMPLE
    fails = with_study(
        STUDY,
        "fail",
        "station alone brings 99% of what a quick model gains; without it 2% is left",
        {"feature": "station", "alone": 0.99, "left": 0.02},
    )
    unknown = without_study(STUDY)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return what the search for shortcuts came to; a candidate that nobody searched is unknown."""
        return self.of_study(candidate, STUDY)
