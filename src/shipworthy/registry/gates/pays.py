"""Whether it is worth acting on the model."""

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study, without_study

STUDY = "threshold"


class Pays(Gate):
    """Acting from the threshold on surely costs less than acting on everybody, on nobody, or as the rule says.

    It asks only where `evaluation.costs` states what right and wrong actions cost.

    Fires when a model with a good metric changes no decision for the better.
    Blind to costs that were not stated, and to what acting changes in what comes true.
    """

    passes = EXAMPLE
    fails = with_study(
        STUDY, "fail", "a decision costs 5.1 EUR from a probability of 4.8% on, and 4.9 by 'act on every row'", {"threshold": 0.048}
    )
    unknown = without_study(STUDY)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return what the study of the threshold came to; where nobody looked it is unknown."""
        return self.of_study(candidate, STUDY)
