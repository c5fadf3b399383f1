"""Whether the answers bear inputs that are missing or a little off."""

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study, without_study

STUDY = "robustness"


class Robustness(Gate):
    """Every answer stays a finite number whatever is missing, and noise of 1 % does not cost what the model gains.

    Fires when an answer is no number where an input is missing, or where such noise costs more than half of the gain over a constant.
    Blind to values that are wrong by more than noise; what a missing relation costs is noted, not refused.
    """

    passes = EXAMPLE
    fails = with_study(
        STUDY, "fail", "the answer is no finite number where inputs change: weather missing", {"not_finite": ["weather missing"]}
    )
    unknown = without_study(STUDY)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return what the study of missing and noisy inputs came to; a candidate that nobody studied is unknown."""
        return self.of_study(candidate, STUDY)
