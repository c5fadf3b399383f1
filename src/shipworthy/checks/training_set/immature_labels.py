"""Labels that came early, among rows whose late ones have not come."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, retimed, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask, Numbers
from shipworthy.checks.training_set.base.rows import in_words, shown_rows
from shipworthy.checks.training_set.base.values import numbers_of

DAY = 86_400.0
COMPLETE = 0.97
LEAST_ROWS = 100
DEVIATIONS = 5.0
REFUSED = 2.0


class ImmatureLabels(TrainingCheck):
    """How far labels that come early lie from all labels, where only early ones have come: in hundredths.

    How long labels take is read off old decisions: what share of their labels had come after how many days. Decisions so young
    that less than 97 % of their labels can have come are not mature, whatever the declared horizon says. If among old decisions
    the labels that came as early are another sort of label (beyond five standard deviations), the young ones invent a rate.

    Fires when the horizon is shorter than labels take: cancellations come before stays end, claims before all quiet years are over.
    Blind to labels whose moment of knowledge is not the true one, such as the decision plus a fixed time.
    """

    unit = "hundredths of a label, or of its standard deviation"
    refuses = Bound(high=REFUSED)
    notes = Bound(high=0)
    fix = "declare a longer 'label.horizon': the time after which all but one label in fifty has come"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding where labels differ in how long they take, none elsewhere."""
        delay, age = _days(frame, "known_at"), _age(frame)
        old = age > np.quantile(delay, 0.999)
        if old.sum() < LEAST_ROWS or np.ptp(delay[old]) < 1e-6:
            return []
        waited = np.sort(delay[old])
        young = np.searchsorted(waited, age, side="right") / len(waited) < COMPLETE
        if young.sum() < LEAST_ROWS or young.mean() < 0.001:
            return [Finding(0.0, f"has {int(young.sum()):,} of {len(age):,} decisions younger than their labels take")]
        return [_finding(frame, delay, age, old, young)]

    def passes(self) -> Frame:
        """Return a set whose labels are all there."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set in which every 1 is known at once and every 0 after 9 days, and the last week has what came."""
        drawn = sound(3000)
        decided = np.arange(3000) * 3600
        slow = np.where(drawn["label"] == 1, 1.0, 9.0) * DAY + chance().random(3000) * DAY
        as_of = 3000 * 3600 + 2 * DAY
        here = decided + slow <= as_of
        columns = {name: list(np.asarray(values)[here]) for name, values in drawn["columns"].items()}
        return retimed(shown(columns, drawn["label"][here]), decided[here], (decided + slow)[here], as_of)


def _finding(frame: Frame, delay: Numbers, age: Numbers, old: Mask, young: Mask) -> Finding:
    limit = float(np.median(age[young]))
    label = frame.label
    early = label[old & (delay <= limit)]
    every = label[old]
    scale = 1.0 if frame.task == "binary" else float(every.std()) or 1.0
    spread = float(every.std()) / np.sqrt(max(len(early), 1))
    apart = float(early.mean() - every.mean()) if len(early) else 0.0
    different = abs(apart) > DEVIATIONS * spread
    rows = shown_rows(frame, np.flatnonzero(young)[:3], [])
    words = (
        f"has {int(young.sum()):,} of {len(label):,} decisions so young (half of them under {limit:.1f} days) that not all of their"
        f" labels can have come: {_means(early, every, label[young])}; for example {in_words(rows[0])}"
    )
    value = 100 * abs(apart) / scale if different else min(REFUSED, 100 * abs(apart) / scale)
    return Finding(max(value, 0.01), words, evidence={"young": int(young.sum()), "days": limit, "rows": rows})


def _means(early: Numbers, every: Numbers, young: Numbers) -> str:
    first = f"{early.mean():.3g}" if len(early) else "unknown"
    return f"labels that come as early have a mean of {first}, all of them {every.mean():.3g}, the young rows {young.mean():.3g}"


def _days(frame: Frame, column: str) -> Numbers:
    """Return how many days after its decision a row's label was known."""
    return (numbers_of(frame.rows.column(column)) - numbers_of(frame.rows.column("decided_at"))) / DAY


def _age(frame: Frame) -> Numbers:
    return (frame.as_of.timestamp() - numbers_of(frame.rows.column("decided_at"))) / DAY
