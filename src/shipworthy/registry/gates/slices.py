"""Whether the model is as good as the rule on the parts of the rows that somebody named."""

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study, without_study

STUDY = "slices"


class Slices(Gate):
    """On no part of the rows that `evaluation.slices` names the model is surely worse than the rule.

    Fires when a model that wins on the whole loses on a part that matters.
    Blind to parts that nobody named, which the study looks for and reports, and to parts that are too small to tell.
    """

    passes = EXAMPLE
    fails = with_study(STUDY, "fail", "on carrier = OO the model is surely worse than the rule", {"slices": 16})
    unknown = without_study(STUDY)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return what the study of slices came to; where nobody looked it is unknown."""
        return self.of_study(candidate, STUDY)
