"""Whether the checks of the training set found anything that nobody answers for."""

from dataclasses import replace

from shipworthy.records import Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate


class TrainingData(Gate):
    """Every check of the training set passed, or somebody answers for what it found.

    Fires when a check refused the set that the model learnt from.
    Blind to what no check looks for, and to what checks only report.
    """

    passes = EXAMPLE
    fails = replace(
        EXAMPLE,
        training_data=(
            *EXAMPLE.training_data,
            Verdict(
                "feature_power",
                "arrival_delay.air_time",
                "fail",
                "arrival_delay.air_time tells the label alone. Without it a quick model has AUC 0.74, not 0.99",
                "find out when it becomes known",
                {"value": 0.99},
            ),
        ),
    )
    unknown = replace(EXAMPLE, training_data=())

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; a training set that nobody looked at is unknown, and so is one of which a check cannot tell."""
        open_ = [verdict for verdict in candidate.training_data if verdict.outcome != "pass" and not verdict.waived_by]
        red = [verdict for verdict in open_ if verdict.outcome == "fail"]
        if red:
            evidence = {"failed": len(red), **red[0].evidence}
            return self.verdict(candidate, "fail", f"{red[0].name}: {red[0].words}", red[0].fix, evidence)
        if open_ or not candidate.training_data:
            words = f"{open_[0].name}: {open_[0].words}" if open_ else "nobody has looked at the training set"
            fix = open_[0].fix if open_ else "train again: it is looked at first"
            return self.verdict(candidate, "unknown", words, fix)
        answered = sum(verdict.waived_by is not None for verdict in candidate.training_data)
        noted = sum(verdict.noted for verdict in candidate.training_data)
        words = f"the checks of the training set passed; {noted} findings are noted, {answered} are answered for"
        return self.verdict(candidate, "pass", words, evidence={"noted": noted, "waived": answered})
