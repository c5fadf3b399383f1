"""Features whose distribution has moved."""

from typing import Any

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.monitoring.moved import Moved, moved
from shipworthy.monitoring.profile import Numbers

NUMBER_FLOOR = 0.1  # standard deviations
CATEGORY_FLOOR = 0.05  # share of rows, beyond what chance gives
FALSE_SHARE = 0.01  # of the columns called drifted


class Drift(Monitor):
    """How far each feature has moved from the training set: standard deviations of a number, share of rows of a category.

    Fires when a number moved by more than 0.1 (Wasserstein over sd) or a category by more than 0.05 (total variation, less what
    chance gives), beyond chance (KS or chi-squared, Benjamini-Hochberg over the columns at 0.01), and further than four or
    more past windows did (their median and MAD): a season that the training set knows is no drift. It explains; it does not page.
    Blind to columns that move together without moving alone, and to what a label means.
    """

    unit = "standard deviations of a number, share of rows of a category"
    severity = "info"
    cause = "world"
    default = Bound(high=NUMBER_FLOOR)

    @property
    def passes(self) -> Comparison:
        """A number and a category, both as they were."""
        return examples.columns(
            {"price": [float(n % 50) for n in range(2000)], "colour": ["red", "blue"] * 1000},
            {"price": [float(n % 50) for n in range(500)], "colour": ["red", "blue"] * 250},
        )

    @property
    def fails(self) -> Comparison:
        """A number ten higher, and a category of which one level has doubled."""
        return examples.columns(
            {"price": [float(n % 50) for n in range(2000)], "colour": ["red", "blue", "blue"] * 600 + ["red"] * 200},
            {"price": [float(n % 50) + 10 for n in range(500)], "colour": ["red", "red", "blue"] * 160 + ["red"] * 20},
        )

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return a finding for each column that the model learnt from."""
        learnt, met = comparison.inputs
        untold = self.untold(comparison, learnt.columns)
        if untold:
            return untold
        found = {column: moved(column, held, met.columns[column], comparison.minimum_rows) for column, held in learnt.columns.items()}
        chances = distances.adjusted([one.chance for one in found.values()])
        return [self._column(comparison, column, found[column], chance) for column, chance in zip(found, chances, strict=True)]

    def _column(self, comparison: Comparison, column: str, found: Moved, chance: float | None) -> Finding:
        learnt, met = (profile.columns[column] for profile in comparison.inputs)
        if found.effect is None or chance is None:
            return self.finding(comparison, "unknown", found.words, column=column, rows=met.known)
        floor = NUMBER_FLOOR if isinstance(learnt, Numbers) else CATEGORY_FLOOR
        limit = max(floor, distances.highest_usual(_past(comparison, column)) or 0.0)
        outcome = judged(wrong=found.effect > limit and chance <= FALSE_SHARE)
        evidence: dict[str, Any] = {"effect": found.effect, "limit": limit, "adjusted_chance": chance}
        fix = "if the realized error grows too, train again; if it does not, nothing is to be done"
        words = f"{found.words}; {limit:.2f} is the limit"
        return self.finding(comparison, outcome, words, column=column, value=found.effect, rows=met.known, fix=fix, evidence=evidence)


def _past(comparison: Comparison, column: str) -> list[float | None]:
    learnt = comparison.inputs[0].columns[column]
    held = [profile.columns.get(column) for profile in comparison.past_inputs]
    return [None if one is None else moved(column, learnt, one, comparison.minimum_rows).effect for one in held]
