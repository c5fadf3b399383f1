"""Whether the model is better than the rule that would do without it."""

from dataclasses import replace

from shipworthy.bounds import Outcome
from shipworthy.records import Interval, Promise, Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate
from shipworthy.registry.words import better_by, known, span, two_losses

KEEP = "keep the rule, or find features that tell more and train again"


class BeatsRule(Gate):
    """The loss is lower than the rule's on the same held-out rows, beyond what chance explains.

    The whole interval of the paired difference must lie below 0: that a model costs more to run than a rule
    is certain, so that it is better must be too.

    Fires when the rule is better, or when the two cannot be told apart.
    Blind to a rule that is weaker than the one the team really uses, and to a world that changes after the holdout.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, offline=replace(EXAMPLE.offline, value=11.71, rule=10.34, difference=Interval(0.9, 1.84)))
    unknown = replace(EXAMPLE, offline=replace(EXAMPLE.offline, difference=None))

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; without a rule, or without enough days to compare on, it is unknown."""
        offline, difference = candidate.offline, candidate.offline.difference
        if candidate.spec.baseline is None:
            return self.verdict(
                candidate, "unknown", "there is no rule to beat", "write 'baseline.sql': what would be done without a model"
            )
        if (
            offline.value is None
            or offline.rule is None
            or difference is None
            or not known(offline.value, offline.rule, difference.low, difference.high)
        ):
            words = f"{offline.rows:,} held-out decisions, on too few days or without an answer, do not tell the model from the rule"
            return self.verdict(candidate, "unknown", words, "hold out more days ('evaluation.holdout'), or wait for more labels")
        mean = offline.value - offline.rule
        compared = two_losses(offline.metric, candidate.unit, offline.value, "the rule", offline.rule)
        words = f"over {span(offline.window)} ({offline.rows:,} decisions) {compared}: {better_by(mean, difference, 'the rule')}"
        outcome, end = _ending(mean, difference)
        return self.verdict(candidate, outcome, f"{words}{end}", KEEP, _evidence(candidate, offline, difference))


def _ending(mean: float, difference: Interval) -> tuple[Outcome, str]:
    if difference.high < 0:
        return "pass", "."
    if mean > 0 and difference.low > 0:
        return "fail", ". Keep the rule."
    return "fail", ", which chance explains too. Keep the rule."


def _evidence(candidate: Candidate, offline: Promise, difference: Interval) -> dict[str, object]:
    baseline = candidate.spec.baseline
    return {
        "metric": offline.metric,
        "rows": offline.rows,
        "from": offline.window.start.isoformat(),
        "to": offline.window.end.isoformat(),
        "model": offline.value,
        "rule": offline.rule,
        "difference": [difference.low, difference.high],
        "level": difference.level,
        "rule_in_words": (baseline.words or baseline.sql) if baseline else None,
    }
