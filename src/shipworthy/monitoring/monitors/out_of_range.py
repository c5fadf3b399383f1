"""Numbers that the model never met the like of."""

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.monitoring.profile import Numbers, Profile

MOST = 0.001
FEWEST_ROWS = 5


class OutOfRange(Monitor):
    """Share of values outside the training set's range, widened at each end by half its width.

    Fires when more than 0.001 of the values, and at least 5, lie outside, and more than four or more past windows show
    (their median and MAD).
    Blind to a wrong unit that stays in range, and to values that are wrong but usual.
    """

    unit = "share of values, 0 to 1"
    severity = "warning"
    cause = "pipeline"
    default = Bound(high=MOST)

    @property
    def passes(self) -> Comparison:
        """Prices between 0 and 9, and one of 13.5."""
        return examples.columns({"price": [float(n % 10) for n in range(1000)]}, {"price": [float(n % 10) for n in range(299)] + [13.5]})

    @property
    def fails(self) -> Comparison:
        """Prices between 0 and 9, and ten that say -999 for 'none'."""
        return examples.columns(
            {"price": [float(n % 10) for n in range(1000)]}, {"price": [float(n % 10) for n in range(290)] + [-999.0] * 10}
        )

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return a finding for each number that the model learnt from."""
        numbers = comparison.inputs[0].numbers
        return self.untold(comparison, numbers) or [self._column(comparison, column) for column in numbers]

    def _column(self, comparison: Comparison, column: str) -> Finding:
        met, anchor = comparison.inputs[1].numbers[column], comparison.inputs[0].numbers[column].anchor
        share = _share(met)
        if share is None or anchor.low is None or anchor.high is None:
            return self.finding(comparison, "unknown", f"{column}: no values to tell by", column=column)
        limit = max(MOST, distances.highest_usual(_shares(comparison.past_inputs, column)) or 0.0)
        outside = met.below + met.above
        ends = f"{anchor.low:.6g} to {anchor.high:.6g}"
        words = f"{outside:,} of {met.known:,} values of {column} lie outside {ends}: {met.below:,} below, {met.above:,} above"
        evidence = {"below": met.below, "above": met.above, "low": anchor.low, "high": anchor.high, "limit": limit}
        outcome = judged(wrong=share > limit and outside >= FEWEST_ROWS)
        fix = f"look for a stand-in value, another unit, or a broken source of {column}"
        return self.finding(comparison, outcome, words, column=column, value=share, rows=met.known, fix=fix, evidence=evidence)


def _share(numbers: Numbers | None) -> float | None:
    return (numbers.below + numbers.above) / numbers.known if numbers and numbers.known else None


def _shares(past: list[Profile], column: str) -> list[float | None]:
    return [_share(profile.numbers.get(column)) for profile in past]
