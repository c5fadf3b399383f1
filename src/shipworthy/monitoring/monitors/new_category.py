"""Categories that the model has never met."""

from shipworthy.bounds import Bound
from shipworthy.monitoring import examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.monitoring.profile import Levels

MOST = 0.002
FEWEST_ROWS = 5
MOST_SHOWN = 3


class NewCategory(Monitor):
    """Share of rows whose level is not in the training set.

    Fires when more than 0.002 of the rows with a value, and at least 5, have a level that the model never met.
    Blind to columns of more than 1,000 levels (unknown), and to known levels that changed their meaning.
    """

    unit = "share of rows, 0 to 1"
    severity = "warning"
    cause = "pipeline"
    default = Bound(high=MOST)

    @property
    def passes(self) -> Comparison:
        """Two colours were known, and the same two come."""
        return examples.columns({"colour": ["red", "blue"] * 500}, {"colour": ["red"] * 150 + ["blue"] * 150})

    @property
    def fails(self) -> Comparison:
        """Two colours were known, and one of them comes in another spelling."""
        return examples.columns({"colour": ["red", "blue"] * 500}, {"colour": ["red"] * 280 + ["Blue"] * 20})

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return a finding for each category that the model learnt from."""
        categories = comparison.inputs[0].categories
        return self.untold(comparison, categories) or [self._column(comparison, column) for column in categories]

    def _column(self, comparison: Comparison, column: str) -> Finding:
        learnt, met = (profile.categories[column] for profile in comparison.inputs)
        if learnt.rest or met.rest or not met.known:
            why = "no values to tell by" if not met.known else "more than 1,000 levels: which are new cannot be told"
            return self.finding(comparison, "unknown", f"{column}: {why}", column=column, rows=met.known)
        new = _new(learnt, met)
        count = sum(new.values())
        share = count / met.known
        outcome = judged(wrong=share > MOST and count >= FEWEST_ROWS)
        shown = ", ".join(f"'{level}' ({rows:,})" for level, rows in list(new.items())[:MOST_SHOWN])
        words = f"{count:,} of {met.known:,} rows have a {column} that the model never met{f': {shown}' if new else ''}"
        evidence = {"new": dict(list(new.items())[:MOST_SHOWN]), "levels": len(new), "limit": MOST}
        fix = f"if {column} is spelt another way, mend its SQL; if the level is real, train again"
        return self.finding(comparison, outcome, words, column=column, value=share, rows=met.known, fix=fix, evidence=evidence)


def _new(learnt: Levels, met: Levels) -> dict[str, int]:
    unknown = ((level, rows) for level, rows in met.counts.items() if level not in learnt.counts)
    return dict(sorted(unknown, key=lambda item: (-item[1], item[0])))
