"""Where a number may lie; judges pass, fail or unknown, and unknown is never a pass."""

import math
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pass", "fail", "unknown"]
WORST_FIRST: tuple[Outcome, ...] = ("fail", "unknown", "pass")


@dataclass(frozen=True, slots=True)
class Bound:
    """A closed range, open where an end is None.

    >>> Bound(high=0.05).judge(0.05), Bound(high=0.05).judge(0.06), Bound(high=0.05).judge(None)
    ('pass', 'fail', 'unknown')
    """

    low: float | None = None
    high: float | None = None

    def judge(self, value: float | None) -> Outcome:
        """Return whether `value` lies inside; null and NaN are unknown."""
        if value is None or math.isnan(value):
            return "unknown"
        above_low = self.low is None or value >= self.low
        return "pass" if above_low and (self.high is None or value <= self.high) else "fail"

    def __str__(self) -> str:
        low, high = self.low, self.high
        if low is None:
            return "any value" if high is None else f"at most {high:g}"
        return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def worst(outcomes: list[Outcome]) -> Outcome:
    """Return the worst of `outcomes`; nothing at all is unknown.

    >>> worst(["pass", "unknown"]), worst([])
    ('unknown', 'unknown')
    """
    return next((outcome for outcome in WORST_FIRST if outcome in outcomes), "unknown")
