"""Almost the same row, more than once."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.repeats import most_diverse, repeats
from shipworthy.checks.training_set.base.rows import in_words
from shipworthy.gateways.engine import quoted

FEWEST = 5
FINE = 100
CELLS = 400
EXPLAINED = 0.5


class NearDuplicateRows(TrainingCheck):
    """Share of rows that all but repeat another: alike in all coarse columns, and in a small cell of each fine one.

    A column is fine if its numbers have more than 100 values; a cell is a four hundredth of the distance between its 5th and 95th
    percentile. Exact repeats are not counted here, and what chance gives is taken off as it is there.

    Fires when a row was exported twice with rounding, conversion or jitter, or a slowly changing record is decided again and again.
    Blind to rows whose copies lie in another cell, about one in forty for each fine column and a jitter of a hundredth of a cell, and
    to copies that differ in a coarse column.
    """

    unit = "share of rows, 0 to 1"
    notes = Bound(high=0.01)
    fix = "look at the rows: keep one of each in the SQL of the decisions, or group the split by what they have in common"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding; none where fewer than two columns are fine."""
        fine = {name: cell for name in frame.named("number", "integer") if (cell := _cell(frame, name))}
        if len(fine) < 2:
            return []
        exact = {name: quoted(name) for name in frame.features}
        diverse = most_diverse(frame)
        near = repeats(frame, exact | {name: f"floor({quoted(name)}::double / {fine[name]!r})" for name in fine}, diverse)
        same = repeats(frame, exact, diverse)
        rows, beyond = frame.rows.num_rows, max(0, near.rows - same.rows)
        if beyond < FEWEST or near.explained > EXPLAINED:
            return [Finding(0.0, f"has {near.beyond - same.beyond:,} rows of {rows:,} that all but repeat another, as chance gives")]
        example = " and ".join(in_words(dict(row)) for row in near.examples[:2])
        words = f"all but repeats {beyond:,} of {rows:,} rows beyond chance; for example {example}"
        return [Finding(beyond / rows, words, evidence={"beyond_chance": beyond, "rows": list(near.examples)})]

    def passes(self) -> Frame:
        """Return a set of rows that are near one another by chance alone."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set of which a quarter comes again, a little otherwise."""
        drawn, jitter = chance(), 1 + 1e-6
        amount, weight = drawn.lognormal(3, 0.5, 600), drawn.normal(70, 9, 600)
        again = np.arange(0, 600, 4)
        columns = {"amount": np.r_[amount, amount[again] * jitter], "weight": np.r_[weight, weight[again] * jitter]}
        label = (drawn.random(600) < 0.5).astype(int)
        return shown(columns, np.r_[label, label[again]])


def _cell(frame: Frame, name: str) -> float | None:
    """Return how wide a cell of a fine column is, None where the column is coarse."""
    if frame.values[name].distinct <= FINE:
        return None
    low, high = np.nanpercentile(frame.numbers(name), [5, 95])
    return float(high - low) / CELLS if high > low else None
