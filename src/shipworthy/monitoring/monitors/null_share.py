"""Values that are missing more often than the model learnt."""

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.monitoring.profile import Profile

CHANCE = 0.01  # of one false alarm among all columns of a window
FEWEST = 0.01
RELATIVE = 0.25


class NullShare(Monitor):
    """Share of rows without a value, column by column, against the training set.

    Fires when the share lies above the training set's by more than 0.01 and by more than a quarter of it, beyond chance (Fisher's
    exact test, Bonferroni over the columns at 0.01), and above what four or more past windows show (their median and MAD).
    Blind to stand-ins such as '' or -1, and to values that are wrong.
    """

    unit = "share of rows, 0 to 1"
    severity = "warning"
    cause = "pipeline"
    default = Bound(high=FEWEST)

    @property
    def passes(self) -> Comparison:
        """One value in a hundred was missing, two in three hundred are."""
        return examples.columns({"price": [1.0] * 990 + [None] * 10}, {"price": [1.0] * 298 + [None] * 2})

    @property
    def fails(self) -> Comparison:
        """One value in a hundred was missing, ten in a hundred are."""
        return examples.columns({"price": [1.0] * 990 + [None] * 10}, {"price": [1.0] * 270 + [None] * 30})

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return a finding for each column that the model learnt from."""
        columns = comparison.inputs[0].columns
        return self.untold(comparison, columns) or [self._column(comparison, column) for column in columns]

    def _column(self, comparison: Comparison, column: str) -> Finding:
        learnt, met = (profile.columns[column] for profile in comparison.inputs)
        chance = distances.two_shares(met.nulls, met.rows, learnt.nulls, learnt.rows)
        if chance is None:
            return self.finding(comparison, "unknown", f"{column}: the model learnt from no rows", column=column, rows=met.rows)
        share, was = met.nulls / met.rows, learnt.nulls / learnt.rows
        limit = max(was + FEWEST, was * (1 + RELATIVE), distances.highest_usual(_shares(comparison.past_inputs, column)) or 0.0)
        outcome = judged(wrong=share > limit and chance < CHANCE / len(comparison.inputs[0].columns))
        words = f"{column} is missing in {share:.3f} of {met.rows:,} rows; it was {was:.3f} when the model learnt, {limit:.3f} is the limit"
        fix = f"find where {column} gets lost: its source, the join that brings it, the hour it arrives"
        evidence = {"share": share, "learnt": was, "limit": limit, "chance": chance}
        return self.finding(comparison, outcome, words, column=column, value=share, rows=met.rows, fix=fix, evidence=evidence)


def _shares(past: list[Profile], column: str) -> list[float | None]:
    held = [profile.columns.get(column) for profile in past]
    return [None if found is None or not found.rows else found.nulls / found.rows for found in held]
