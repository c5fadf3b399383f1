"""Codes that nobody explained."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.values import Values

MOST_CODES = 12
RARE = 0.015
STEEP = 30


class UndocumentedCodes(TrainingCheck):
    """Share of a feature's values that look out of place among its codes, where nobody declared any.

    A column of at most 12 whole numbers in a row is looked at: codes at an end of it, each rarer than one row in seventy, if they do
    not fade as counts do, but begin abruptly (a code 30 times rarer than its neighbour, zero before a set that begins with 1) or rise
    again. Only reported: honest codes may be rare.

    Fires when a source has codes that its documentation does not know.
    Blind to undocumented codes in the middle and to those of text: declare what is allowed, and see undeclared_values.
    """

    unit = "share of values, 0 to 1"
    notes = Bound(high=0)
    fix = "ask the owner of the source what they mean; write it into dbt's accepted_values of the column, or map them to null"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each feature of few whole numbers that has no declared values."""
        return [_finding(frame, name) for name in frame.named("integer") if name not in frame.allowed and _few(frame.values[name])]

    def passes(self) -> Frame:
        """Return a set with counts, which fade."""
        drawn = sound()
        children = np.minimum(chance().poisson(0.8, 600), 6)
        return shown(drawn["columns"] | {"children": children}, drawn["label"])

    def fails(self) -> Frame:
        """Return a set with a code 0 before codes from 1 on."""
        drawn = sound()
        education = [0, *chance().integers(1, 5, 599)]
        return shown(drawn["columns"] | {"education": education}, drawn["label"])


def _few(found: Values) -> bool:
    if not 4 <= found.distinct <= MOST_CODES:
        return False
    return bool(found.values[-1].as_py() - found.values[0].as_py() <= found.distinct)


def out_of_place(codes: Sequence[int], counts: Sequence[int]) -> list[int]:
    """Return which of ascending `codes` look out of place, by their place: rare ones at an end that do not fade.

    >>> out_of_place([0, 1, 2, 3, 4, 5, 6], [14, 10585, 14030, 4917, 123, 280, 51]), out_of_place([0, 1, 2, 3], [900, 300, 50, 4])
    ([0, 4, 5, 6], [])
    """
    rare = [count <= RARE * sum(counts) for count in counts]
    low = next((place for place, is_rare in enumerate(rare) if not is_rare), len(counts))
    high = next((place for place, is_rare in enumerate(reversed(rare)) if not is_rare), len(counts))
    first = low == 1 and codes[0] in (0, -1) and counts[0] * STEEP <= counts[1]
    tail = list(counts[len(counts) - high :])
    rises = any(after > 2 * before for before, after in pairwise(tail))
    return [*([0] if first else []), *(range(len(counts) - high, len(counts)) if rises else [])]


def _finding(frame: Frame, name: str) -> Finding:
    found = frame.values[name]
    places = out_of_place(found.values.cast("int64").to_pylist(), found.counts.tolist())
    if not places:
        return Finding(0.0, f"has {found.distinct} codes, none of them out of place", name)
    rows = [{name: found.values[place].as_py(), "rows": int(found.counts[place])} for place in places]
    listed = ", ".join(f"{row[name]} ({row['rows']:,})" for row in rows[:5])
    total = sum(row["rows"] for row in rows)
    words = f"has {total:,} of {found.filled:,} values that look out of place: {listed}"
    return Finding(total / found.filled, words, name, {"rows": rows[:5]})
