"""Names of things used as features."""

from collections.abc import Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.power import powers
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.values import NONE, codes_of

LEAST_ROWS = 100
UNIQUE = 0.95
SPREAD_OF_COUNTS = 20.0


class IdentifierFeature(TrainingCheck):
    """Share of different values of a feature that seems to name a thing: the role says so, or nearly every whole number comes once.

    Whole numbers of which nearly none comes twice are codes rather than amounts where they come from a range that is hardly larger than
    they are many. Only reported, with the power of the feature alone: a name tells a model nothing that it can use again.

    Fires when an order number, a surrogate key or a customer's code is among the features.
    Blind to codes that come again and have no role, and to texts (category_explosion looks at those).
    """

    unit = "share of different values among the rows that have one, 0 to 1; 1 for a declared identifier"
    notes = Bound(high=UNIQUE)
    fix = "take it out of the features; if what it names matters, add facts about that thing"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature that is declared an identifier or holds whole numbers."""
        asked = [name for name, one in frame.features.items() if one.role == "identifier" or one.kind == "integer"]
        return [_finding(frame, name) for name in asked] if frame.rows.num_rows >= LEAST_ROWS else []

    def passes(self) -> Frame:
        """Return a set with amounts, which hardly come twice either."""
        drawn = sound()
        cents = (np.asarray(drawn["columns"]["amount"]) * 10_000).astype(int)
        return shown(drawn["columns"] | {"cents": cents}, drawn["label"])

    def fails(self) -> Frame:
        """Return a set with a number for each order."""
        drawn = sound()
        return shown(drawn["columns"] | {"order_number": 70_000 + chance(8).permutation(600)}, drawn["label"])


def _finding(frame: Frame, name: str) -> Finding:
    found = codes_of(frame.rows.column(name))
    filled = int((found != NONE).sum())
    different = int(found.max(initial=NONE)) + 1
    share = different / filled if filled else 0.0
    declared = frame.features[name].role == "identifier"
    if not declared and (share <= UNIQUE or filled < LEAST_ROWS or not _dense(frame, name, different)):
        return Finding(min(share, UNIQUE), f"has {different:,} different values in {filled:,} rows", name)
    why = "is declared an identifier" if declared else "seems to number things"
    power = powers(frame)[name].whole
    tells = f"; alone it has a power of {power:.3f}" if power is not None else ""
    rows = shown_rows(frame, np.flatnonzero(found != NONE), [name])
    example = f", for example {rows[0][name]}" if rows else ""
    words = f"{why} and is a feature: {different:,} different values in {filled:,} rows{example}{tells}"
    return Finding(1.0 if declared else share, words, name, {"different": different, "power": power, "rows": rows})


def _dense(frame: Frame, name: str, different: int) -> bool:
    """Return whether whole numbers come from a range hardly larger than they are many: numbers that were given out, not measured."""
    values = frame.numbers(name)
    span = float(np.nanmax(values) - np.nanmin(values)) + 1
    return span <= SPREAD_OF_COUNTS * different
