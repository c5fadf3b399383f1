"""The same row, more than once."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import Shown, chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.repeats import most_diverse, repeats
from shipworthy.checks.training_set.base.rows import in_words
from shipworthy.gateways.engine import quoted

FEWEST = 5
LEAST_FEATURES = 4
EXPLAINED, SURELY_NOT = 0.75, 0.2
MOST = 0.1


class DuplicateRows(TrainingCheck):
    """Share of rows that repeat another in all features and the label, beyond what coarse columns make by chance.

    Entity and time do not count: a row that was loaded twice under another key is the same row. A table of coarse columns has
    honest repeats; how many is estimated by the rows that agree in all columns but one or two. Refused from one row in ten
    on, if chance explains less than a fifth of them; less is reported. Sets of fewer than four features are not looked at.

    Fires when a file was loaded twice, a join multiplied rows, or one event has several records.
    Blind to copies that differ in any column, and to those that coarse columns hide.
    """

    unit = "share of rows, 0 to 1"
    refuses = Bound(high=MOST)
    notes = Bound(high=0)
    fix = "keep one row of each in the SQL of the decisions; if each stands for an event of its own, waive it and say so"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding; none for fewer than four features."""
        if len(frame.features) < LEAST_FEATURES:
            return []
        columns = {name: quoted(name) for name in frame.features} | {"label": "label"}
        found = repeats(frame, columns, most_diverse(frame))
        beyond, rows = found.rows, frame.rows.num_rows
        if beyond < FEWEST or found.explained > EXPLAINED:
            return [Finding(0.0, f"has {found.beyond:,} repeated rows of {rows:,}, as chance gives")]
        example = in_words(dict(found.examples[0]))
        by_chance = f"; chance explains {found.beyond - beyond:,} of them" if found.beyond > beyond else ""
        words = f"repeats {found.beyond:,} of {rows:,} rows in all features and the label{by_chance}; for example {example}"
        share = beyond / rows if found.explained <= SURELY_NOT else min(beyond / rows, MOST)
        return [Finding(share, words, evidence={"repeated": found.beyond, "beyond_chance": beyond, "rows": list(found.examples)})]

    def passes(self) -> Frame:
        """Return a set of coarse columns, whose repeats are chance."""
        drawn = chance()
        columns: dict[str, Shown] = {name: drawn.poisson(2, 600) for name in ("visits", "calls", "visitors", "orders")}
        return shown(columns, drawn.integers(0, 2, 600))

    def fails(self) -> Frame:
        """Return a set of which a fifth was loaded twice, under other keys."""
        drawn = sound()
        again = np.r_[np.arange(600), np.arange(0, 600, 4)]
        columns = drawn["columns"] | {"weight": chance(1).normal(70, 9, 600).round(1)}
        return shown({name: list(np.asarray(values)[again]) for name, values in columns.items()}, drawn["label"][again])
