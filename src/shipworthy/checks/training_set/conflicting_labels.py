"""The same features, another label."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.folds import out_of_fold
from shipworthy.checks.training_set.base.frame import Frame, Learner, Whole
from shipworthy.checks.training_set.base.rows import in_words, shown_rows
from shipworthy.gateways.engine import quoted

FEWEST = 10
DEVIATIONS = 5.0


class ConflictingLabels(TrainingCheck):
    """How many times more often two rows with the same features have different labels than what else is known of them gives.

    Where features say little, different labels are natural: two rows with the chance p each differ with the chance 2 p (1 - p). That
    is what is expected, with p as a quick model has it that saw neither of them; a number is given only where the difference is beyond
    five standard deviations. A sample of 20,000 rows is looked at.

    Fires when one event has two records of which one was corrected, copies kept an old label, or labels were joined to the wrong rows.
    Blind to a column that is missing and would explain the difference, and to labels that are no yes or no: there differing is natural.
    """

    unit = "times as many as expected"
    notes = Bound(high=1.5)
    of_label = True
    fix = "look at the rows: which label counts? Keep that in the label's SQL, or add the column that tells them apart"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for a binary task with rows alike, none for another."""
        found = out_of_fold(frame, learner) if frame.task == "binary" else None
        pairs = _pairs(frame, found.places) if found else np.empty((0, 2), np.int64)
        if found is None or len(pairs) < FEWEST:
            return []
        chance = np.zeros(frame.rows.num_rows)
        chance[found.places] = np.clip(found.answers, 0.005, 0.995)
        one, other = chance[pairs[:, 0]], chance[pairs[:, 1]]
        differ = one * (1 - other) + other * (1 - one)
        conflicts = frame.label[pairs[:, 0]] != frame.label[pairs[:, 1]]
        expected, spread = float(differ.sum()), float(np.sqrt((differ * (1 - differ)).sum()))
        times = conflicts.sum() / expected if conflicts.sum() - expected > DEVIATIONS * spread else min(1.0, conflicts.sum() / expected)
        rows = shown_rows(frame, pairs[conflicts][:2].ravel())
        example = f"; for example {in_words(rows[0])} and {in_words(rows[1])}" if rows else ""
        words = (
            f"has different labels in {conflicts.sum():,} of {len(pairs):,} pairs of rows with the same features, {expected:,.0f} expected"
        )
        return [Finding(float(times), words + example, evidence={"conflicts": int(conflicts.sum()), "expected": expected, "rows": rows})]

    def passes(self) -> Frame:
        """Return a set whose rows are alike two by two, with labels of chance."""
        drawn = sound()
        columns = {"visits": drawn["columns"]["visits"], "plan": drawn["columns"]["plan"]}
        return shown(columns, drawn["label"])

    def fails(self) -> Frame:
        """Return a set in which a tenth of the rows comes again with the other label, though the features tell it well."""
        drawn = sound()["columns"]
        label = (np.asarray(drawn["amount"]) > 20).astype(int)
        again = np.r_[np.arange(600), np.arange(0, 600, 10)]
        columns = {name: list(np.asarray(values)[again]) for name, values in drawn.items()}
        return shown(columns, np.r_[label, 1 - label[::10]])


def _pairs(frame: Frame, places: Whole) -> Whole:
    """Return pairs of rows with the same features among `places`, each row with the next one alike, shape (m, 2)."""
    features = ", ".join(quoted(name) for name in frame.features)
    with frame.opened() as connection:
        connection.execute("create temp table chosen as select unnest(?::bigint[]) as row_number", [places.tolist()])
        following = f"lead(row_number) over (partition by hash({features}) order by row_number)"
        sql = f"select * from (select row_number, {following} as following from frame semi join chosen using (row_number))"
        found = connection.execute(f"{sql} where following is not null order by all").to_arrow_table()
    return np.column_stack([found.column(0).to_numpy(), found.column(1).to_numpy()]).reshape(-1, 2)
