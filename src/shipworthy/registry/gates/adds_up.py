"""Whether the reasons for an answer are reasons: contributions that add up to it."""

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study, without_study

STUDY = "explanation"


class AddsUp(Gate):
    """What the features contribute adds up to the answer of the model in each row that was explained.

    Fires when the sum misses an answer by more than a millionth of it: the estimator answers differently each time, or what explains it
    is not what answers.
    Blind to whether the reasons are causes.
    """

    passes = EXAMPLE
    fails = with_study(STUDY, "fail", "what the features contribute misses the answer by up to 0.4 in 500 rows", {"apart": 0.4})
    unknown = without_study(STUDY)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return what the explanation of the candidate came to; one that nobody explained is unknown."""
        return self.of_study(candidate, STUDY)
