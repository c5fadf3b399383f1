"""Whether the model reaches what the brief says it must."""

from dataclasses import replace

from shipworthy.records import Interval, Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate


class MeetsTarget(Gate):
    """The offline promise is no worse than the target of the brief, in the same metric.

    Fires when the metric's whole interval lies above the target: better than the rule, and still of no use.
    Blind to whether the target was well chosen. A metric just above a target within its interval is unknown.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, offline=replace(EXAMPLE.offline, value=27.5, rule=29.4, interval=Interval(21.3, 33.9)))
    unknown = replace(EXAMPLE, offline=replace(EXAMPLE.offline, value=12.1, interval=Interval(11.4, 12.8)))

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; without a target, or with another metric than the promise's, nobody can tell."""
        target, promise = candidate.spec.brief.target, candidate.offline
        fix = "give it better features, predict nearer to the event, or agree with the business on another brief.target"
        if target is None or target.metric != promise.metric or promise.value is None:
            return self.verdict(candidate, "unknown", "there is no target in the metric that was measured", "write brief.target")
        within = f" [{promise.interval.low:,.1f} to {promise.interval.high:,.1f}]" if promise.interval else ""
        unit = f" {candidate.unit}" if candidate.unit else ""
        words = f"the model is off by {promise.value:,.1f}{unit}{within}, the brief asks for at most {target.at_most:g}"
        if promise.value <= target.at_most:
            return self.verdict(candidate, "pass", words)
        sure = promise.interval is not None and promise.interval.low > target.at_most
        return self.verdict(candidate, "fail" if sure else "unknown", words, fix, {"value": promise.value, "target": target.at_most})
