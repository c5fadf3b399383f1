"""Whether the model reaches what the brief says it must."""

from dataclasses import replace

from shipworthy.records import Interval, Promise, Verdict
from shipworthy.registry.gates.base import EXAMPLE, Candidate, Gate
from shipworthy.registry.words import NOUNS, places


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
        words = f"the model {_loss(promise, promise.value, candidate.unit)}, the brief asks for at most {target.at_most:g}"
        if promise.value <= target.at_most:
            return self.verdict(candidate, "pass", words)
        sure = promise.interval is not None and promise.interval.low > target.at_most
        return self.verdict(candidate, "fail" if sure else "unknown", words, fix, {"value": promise.value, "target": target.at_most})


def _loss(promise: Promise, value: float, unit: str) -> str:
    mae = promise.metric == "mae"
    shown = 1 if mae else places(value)
    spaced = f" {unit}" if unit and promise.metric in ("mae", "pinball") else ""
    within = f" [{promise.interval.low:,.{shown}f} to {promise.interval.high:,.{shown}f}]" if promise.interval else ""
    said = "is off by" if mae else f"has a {NOUNS.get(promise.metric, promise.metric)} of"
    return f"{said} {value:,.{shown}f}{spaced}{within}"
