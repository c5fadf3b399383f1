"""Fewer or more predictions than usual."""

import math

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.monitoring.windows import place_in_week


class Volume(Monitor):
    """Rows of the window, as a ratio to the median of past windows at the same place in the week.

    Fires when the ratio lies outside 2/3 to 3/2 and further from 1 than the spread of the past windows allows (in
    logarithms). No rows where there used to be some is a failure.
    Blind until there are four past windows at the same place in the week, and to holidays.
    """

    unit = "ratio of rows"
    severity = "warning"
    cause = "pipeline"
    default = Bound(low=2 / 3, high=3 / 2)

    @property
    def passes(self) -> Comparison:
        """A week a tenth smaller than the ones before."""
        return examples.weeks(1000, 1050, 980, 1020, 1010, 900)

    @property
    def fails(self) -> Comparison:
        """A week without a third of its rows."""
        return examples.weeks(1000, 1050, 980, 1020, 1010, 640)

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return one finding about the model."""
        rows, place = comparison.current.rows, place_in_week(comparison.current.window)
        past = [seen.rows for seen in comparison.past if seen.rows and place_in_week(seen.window) == place]
        usual = distances.usual([math.log(count) for count in past])
        if rows is None or usual is None:
            why = "how many rows there are is not known" if rows is None else f"{len(past)} past windows are too few to know what is usual"
            return [self.finding(comparison, "unknown", why, rows=rows)]
        ratio = rows / math.exp(usual[0])
        far = not rows or abs(math.log(rows) - usual[0]) > distances.spreads(len(past)) * usual[1]
        outcome = judged(wrong=far and self.default.judge(ratio) == "fail")
        words = f"{rows:,} predictions where {math.exp(usual[0]):,.0f} are usual: {ratio:.2f} of them"
        fix = "see whether the decisions' source arrived whole, and whether callers reach the service"
        evidence = {"usual": math.exp(usual[0]), "spread": usual[1], "windows": len(past)}
        return [self.finding(comparison, outcome, words, value=ratio, rows=rows, fix=fix, evidence=evidence)]
