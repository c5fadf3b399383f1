"""Whether the model does what it must and leaves what it must not, case by case."""

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study, without_study

STUDY = "behaviour"
WORDS = "'a later start is a later arrival' (core) holds in 120 of 200 rows; input dep_delay=4; expected more than 6; got 3"


class Behaviour(Gate):
    """Each case holds in as many rows as its level asks for: all of sanity, 95 % of core, unless behaviours.yml says otherwise.

    Fires when a case does not: the answer moves where nothing may move it, goes the wrong way, or misses a known answer.
    Blind to all that nobody wrote down; a case of the level hard is noted, not refused.
    """

    passes = EXAMPLE
    fails = with_study(STUDY, "fail", WORDS, {"rows": 200, "passed": 120})
    unknown = without_study(STUDY)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the worst that the cases came to; a candidate that was not tried is unknown."""
        return self.of_study(candidate, STUDY)
