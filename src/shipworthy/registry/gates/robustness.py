"""Whether the answers bear inputs that are missing or a little off."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, studied

STUDY = "robustness"


class Robustness(Gate):
    """Every answer stays a finite number whatever is missing, and noise of 1 % does not cost what the model gains.

    Fires when an answer is no number where an input is missing, or where such noise costs more than half of the gain over a constant.
    Blind to values that are wrong by more than noise; what a missing relation costs is noted, not refused.
    """

    passes = EXAMPLE
    fails = replace(
        EXAMPLE,
        studied={
            **EXAMPLE.studied,
            STUDY: studied(
                STUDY, "fail", "the answer is no finite number where inputs change: weather missing", {"not_finite": ["weather missing"]}
            ),
        },
    )
    unknown = replace(EXAMPLE, studied={name: chapter for name, chapter in EXAMPLE.studied.items() if name != STUDY})

    def judge(self, candidate: Candidate) -> Verdict:
        """Return what the study of missing and noisy inputs came to; a candidate that nobody studied is unknown."""
        return self.of_study(candidate, STUDY)
