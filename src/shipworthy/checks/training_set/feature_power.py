"""Features that all but are the label."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.persistence import persistence
from shipworthy.checks.training_set.base.power import Power, powers
from shipworthy.checks.training_set.base.rows import shown_rows

FAIR = 0.9  # of the power of the feature: what the label before may tell of it


class FeaturePower(TrainingCheck):
    """How well one feature alone tells the label, out of fold: AUC, or the share of the variance of the ranks of a number.

    Looked at over all rows, where being null tells as well, and over the rows that have a value, on at most 20,000 rows.
    Refuses above 0.99, reports above 0.85: strong honest features exist, so power alone only asks for a look. Where the label of the
    decision before tells as much, as in a slow series, a feature that carries the past on is no surprise: reported.

    Fires when a column was filled in with or after the outcome, or is the outcome in another form.
    Blind to a leak in a few rows or one that tells a little, and to two columns that tell the label together.

    Source: thresholds as measured on clean sets, docs/measured.md.
    """

    unit = "AUC, or share of the variance of the label's ranks, of one feature alone"
    refuses = Bound(high=0.99)
    notes = Bound(high=0.85)
    of_label = True
    fix = "find out when the column is filled; if only after the decision, take it out or declare it 'role: post_outcome' in dbt's YAML"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature with rows enough."""
        known = {name: power for name, power in powers(frame).items() if power.best is not None}
        order = sorted(known, key=lambda name: -(known[name].best or 0))
        return [_finding(frame, name, known, order) for name in order]

    def passes(self) -> Frame:
        """Return a set whose strongest feature tells a little."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set with a score that was given after the outcome."""
        drawn = sound()
        came = np.asarray(drawn["label"]) + chance(1).normal(0, 0.17, 600)
        return shown(drawn["columns"] | {"review": came.round(3)}, drawn["label"])


def _finding(frame: Frame, name: str, known: dict[str, Power], order: list[str]) -> Finding:
    power = known[name]
    value = power.best or 0.0
    if value <= FeaturePower.notes.high:  # type: ignore[operator]
        return Finding(value, f"alone has {_words(frame, value)}", name)
    part = power.filled is not None and power.filled == value and power.filled_share < 1
    on = f" over the {power.filled_share:.1%} of rows that have it" if part else ""
    second = next((other for other in order if other != name), None)
    beside = f"; the next, {second}, has {known[second].best:.3f}" if second else ""
    rows = shown_rows(frame, np.flatnonzero(~empty(frame.rows.column(name))), [name])
    before = persistence(frame)
    fair = before is not None and _skill(frame, before) >= FAIR * _skill(frame, value)
    excuse = f"the label of the decision before alone has {before:.3f}" if fair else None
    words = f"alone tells the label: {_words(frame, value)}{on}{beside}" + (f"; {excuse}" if excuse else "")
    evidence = {"power": value, "whole": power.whole, "filled": power.filled, "rows": rows}
    return Finding(value, words, name, evidence, excuse=excuse)


def _skill(frame: Frame, power: float) -> float:
    return (power - 0.5) * 2 if frame.task == "binary" else power


def _words(frame: Frame, value: float) -> str:
    return f"AUC {value:.3f}" if frame.task == "binary" else f"{value:.3f} of the variance of its ranks"
