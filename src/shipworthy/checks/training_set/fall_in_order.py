"""What a random split would have promised, and what the order of time and groups leave of it."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.gap import group_gap, ordered_gap, repeated
from shipworthy.checks.training_set.base.power import powers
from shipworthy.checks.training_set.base.values import codes_of

POWER_FALL = 0.05
MOST_BLAMED = 3
LATER = "the last quarter of time"


class FallInOrder(TrainingCheck):
    """Which share of a quick model's skill is lost from rows drawn at random to the last quarter of time, or to other groups.

    Skill is how far the score lies from that of knowing nothing. A fall within three standard errors is none. Only reported, with the
    features whose own power falls: the world may honestly move, and then the lower score is the one to promise. Groups are those that the
    spec declares. At most 12,000 rows are looked at.

    Fires when rows know their neighbours: drift, trends, the same customer on both sides, a column that is a clock.
    Blind to a leak that is as strong in both periods, and to sets of fewer than 400 rows.

    Source: the gap as a screen, docs/measured.md.
    """

    unit = "share of the skill on random rows that is lost on later rows or other groups"
    notes = Bound(high=0.1)
    keeps = True
    fix = "promise the lower score: split by time or by group; look at the features that carry the fall, and take more recent history"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for time where decisions are spread over it, and one for each declared group that comes again."""
        found = []
        gap = ordered_gap(frame, learner)
        if gap:
            carried = _carriers(frame) if gap.lost > FallInOrder.notes.high else {}  # type: ignore[operator]
            by = "; alone falls most: " + _shown(carried) if carried else ""
            words = f"has {gap.words(f'on {LATER}')}{by}"
            found.append(Finding(gap.lost, words, None, gap.evidence() | {"against": LATER, "carried_by": carried}, tuple(carried)))
        for name in frame.groups:
            between = group_gap(frame, learner, name) if repeated(codes_of(frame.column(name))) else None
            if between:
                against = f"other groups of {name}"
                evidence = between.evidence() | {"against": against}
                found.append(Finding(between.lost, f"has {between.words(f'on {against}')}", None, evidence))
        return found

    def passes(self) -> Frame:
        """Return a set in which late rows are like early ones."""
        return shown(**sound(2000))

    def fails(self) -> Frame:
        """Return a set in which the label follows a level that moves, and a feature that is a clock."""
        rows, drawn = 2000, chance(3)
        level = 3 * np.sin(np.arange(rows) / 60)
        label = (level + drawn.logistic(0, 1, rows) > 0).astype(int)
        return shown({"index": (np.arange(rows) / 7).round(1), "amount": drawn.normal(size=rows).round(3)}, label)


def _carriers(frame: Frame) -> dict[str, float]:
    """Return the features whose own power falls from random rows to later ones, by how much, the most first."""
    falls = {
        name: power.whole - power.ordered
        for name, power in powers(frame).items()
        if power.whole is not None and power.ordered is not None and power.whole - power.ordered > POWER_FALL
    }
    return {name: falls[name] for name in sorted(falls, key=lambda name: -falls[name])[:MOST_BLAMED]}


def _shown(carried: dict[str, float]) -> str:
    return ", ".join(f"{name} (by {fall:.3f})" for name, fall in carried.items())
