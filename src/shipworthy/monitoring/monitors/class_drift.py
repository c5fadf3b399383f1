"""Answered classes whose shares have moved."""

from typing import Any

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, Seen, judged
from shipworthy.monitoring.moved import moved
from shipworthy.monitoring.profile import Levels

FLOOR = 0.05
CHANCE = 0.001


class ClassDrift(Monitor):
    """The share of answers whose class is another than in the reference (total variation, less what chance gives).

    Fires when it is above 0.05, beyond chance (chi-squared, p < 0.001), and larger than in four or more past windows (their median and
    MAD). Says nothing of a model without classes.
    Blind to how sure the answers are, which `prediction_drift` sees, and to predictions that are wrong in an old pattern.
    """

    unit = "share of rows"
    severity = "warning"
    cause = "world"
    default = Bound(high=FLOOR)

    @property
    def passes(self) -> Comparison:
        """Classes as often as they were."""
        return examples.classes(["small", "large"] * 1000, ["small", "large"] * 200)

    @property
    def fails(self) -> Comparison:
        """One class for three quarters of the rows."""
        return examples.classes(["small", "large"] * 1000, ["small", "large", "large", "large"] * 100)

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return one finding about the model; none for a model without classes."""
        learnt, met = _classes(comparison.reference), _classes(comparison.current)
        if learnt is None and met is None and comparison.reference is not None and comparison.reference.outputs is not None:
            return []
        found = None if learnt is None or met is None else moved("class", learnt, met, comparison.minimum_rows)
        if found is None or found.effect is None or found.chance is None:
            return [self.finding(comparison, "unknown", f"too few classes were answered to tell: {met.known if met else 0:,}")]
        limit = max(FLOOR, distances.highest_usual(_past(comparison)) or 0.0)
        outcome = judged(wrong=found.effect > limit and found.chance < CHANCE)
        evidence: dict[str, Any] = {"effect": found.effect, "limit": limit, "chance": found.chance}
        fix = "see which features drift, and whether the realized error follows once labels mature"
        words = f"{found.words}; {limit:.2f} is the limit"
        return [self.finding(comparison, outcome, words, value=found.effect, rows=met.known if met else 0, fix=fix, evidence=evidence)]


def _classes(seen: Seen | None) -> Levels | None:
    profile = seen.outputs if seen else None
    return profile.categories.get(examples.CLASS) if profile else None


def _past(comparison: Comparison) -> list[float | None]:
    learnt = _classes(comparison.reference)
    held = [_classes(seen) for seen in comparison.past if (seen.rows or 0) >= comparison.minimum_rows]
    return [None if found is None or learnt is None else moved("class", learnt, found, comparison.minimum_rows).effect for found in held]
