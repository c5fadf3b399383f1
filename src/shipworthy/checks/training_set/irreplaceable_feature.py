"""A feature without which a model is far worse."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import chance, shown
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.gap import LEAST_ROWS, random_score
from shipworthy.checks.training_set.base.power import enough, powers
from shipworthy.checks.training_set.base.rows import shown_rows

TRIED = 3
LEAST_POWER = 0.7
LEAST_FEATURES = 4


class IrreplaceableFeature(TrainingCheck):
    """By how much the AUC of a quick model falls without one feature: tried are the three that tell most alone, above 0.7.

    Asked of a binary label and at least four features; on at most 12,000 rows, a quarter of them held out at random. Only reported.

    Fires when a model hangs on one column that nothing else replaces: the duration of the call whose success is to be foreseen.
    Blind to leaks that stand in two columns, to weak ones, and to labels that are numbers.
    """

    unit = "AUC that a quick model loses without the feature"
    notes = Bound(high=0.1)
    of_label = True
    fix = "find out when the column is filled; if only after the decision, take it out or declare it 'role: post_outcome' in dbt's YAML"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature that was tried."""
        known = {name: power.best for name, power in powers(frame).items() if power.best is not None and power.best > LEAST_POWER}
        few = len(frame.features) < LEAST_FEATURES or frame.rows.num_rows < LEAST_ROWS or not enough(frame.task, frame.label)
        if frame.task != "binary" or few or not known:
            return []
        whole = random_score(frame, learner)
        tried = sorted(known, key=lambda name: -known[name])[:TRIED]
        return [finding for name in tried if (finding := _without(frame, learner, name, whole)) is not None]

    def passes(self) -> Frame:
        """Return a set with a strong feature that others replace in part."""
        return shown(**_with_calls(1.0, 1.0))

    def fails(self) -> Frame:
        """Return a set with a column that alone knows what happened."""
        return shown(**_with_calls(3.0, 0.5))


def _without(frame: Frame, learner: Learner, name: str, whole: float | None) -> Finding | None:
    kept = tuple(other for other in frame.features if other != name)
    without = random_score(frame, learner, kept)
    if whole is None or without is None:
        return None
    words = f"is what a quick model hangs on: AUC {whole:.3f}, without it {without:.3f} on rows drawn at random"
    rows = shown_rows(frame, np.flatnonzero(~empty(frame.rows.column(name))), [name])
    return Finding(whole - without, words, name, {"with_it": whole, "without_it": without, "rows": rows})


def _with_calls(strength: float, others: float) -> dict[str, Any]:
    rows, drawn = 1200, chance(2)
    columns = {f"answer_{number}": drawn.normal(size=rows).round(3) for number in range(3)}
    calls = drawn.normal(size=rows)
    odds = strength * calls + others * sum(columns.values()) + drawn.logistic(0, 1, rows)
    return {"columns": {"calls": calls.round(3), **columns}, "label": (odds > 0).astype(int)}
