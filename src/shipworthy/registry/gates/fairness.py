"""Whether groups of people are treated alike, by the policy that the spec states."""

from shipworthy.bounds import worst
from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate, with_study

STUDY = "fairness"


_APART = "f is approved 0.32 times as often as m [0.30 to 0.35], at least 0.8 is asked for"


class Fairness(Gate):
    """The groups of every sensitive column are treated alike, within what the spec's policy bears.

    Fires when two groups are surely farther apart than that, or when `not_applicable` is said of a model that reads a sensitive column.
    Blind to groups that nobody declared, to groups too small to judge, and to labels that are unfair themselves. Where neither columns
    and a policy are stated, nor why nobody can be treated unfairly, it is "not assessed": unknown, and no pass.
    """

    passes = EXAMPLE
    fails = with_study(STUDY, "fail", _APART, {"column": "sex", "value": 0.32})
    unknown = with_study(STUDY, "unknown", "not assessed", {})

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the worst of what the study of fairness says; where nobody studied it, it is unknown."""
        chapter = candidate.studied.get(STUDY)
        if chapter is None or not chapter.verdicts:
            return self.verdict(candidate, "unknown", "not assessed: nobody looked at groups of people", "train again")
        outcome = worst([verdict.outcome for verdict in chapter.verdicts])
        shown = next(verdict for verdict in chapter.verdicts if verdict.outcome == outcome)
        others = sum(verdict.outcome == outcome for verdict in chapter.verdicts) - 1
        more = f" ({others} columns more)" if others and outcome != "pass" else ""
        return self.verdict(candidate, outcome, f"{shown.words.rstrip('.')}{more}", shown.fix, shown.evidence)
