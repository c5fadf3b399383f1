"""A random split of rows that have an order or groups."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.gap import Gap, group_gap, ordered, ordered_gap, repeated
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.values import codes_of


class SplitFitsData(TrainingCheck):
    """How many structures of the rows the declared split ignores: their order in time, the entities that come again, declared groups.

    A random split of such rows is refused with the gap between both scores as evidence, unless `evaluation.because` argues for it and the
    gap costs nothing: within its interval, or a tenth of the skill at most. A split by group of rows that are spread over time is
    reported; one by both ignores nothing. At most 12,000 rows are fitted.

    Fires when the promise would be measured on rows that the fit knows by their neighbours.
    Blind to an order or groups that no column tells, and to a split by time, which is always allowed.
    """

    unit = "orders and groups that the split ignores"
    refuses = Bound(high=0)
    fix = "write evaluation.split: time, group or both, with evaluation.groups; or say in evaluation.because why random is honest here"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each order or group that a random split ignores, and for time that a split by group does."""
        if frame.split_by in ("time", "both"):
            return [Finding(0, "is split by time" if frame.split_by == "time" else "is split by time and by group")]
        found = list(_ignored(frame, learner))
        return found or [Finding(0, f"is split by '{frame.split_by}', and its rows have nothing that this ignores")]

    def passes(self) -> Frame:
        """Return a set that is split by time."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return the same rows with a random split that nobody argues for."""
        return replace(self.passes(), split_by="random")


def _ignored(frame: Frame, learner: Learner) -> Iterator[Finding]:
    if ordered(frame):
        first, last = (str(frame.times[place])[:16].replace("T", " ") for place in (0, -1))
        gap = ordered_gap(frame, learner)
        yield _finding(frame, f"its decisions run from {first} to {last}", gap, "on the last quarter of time", [])
    if frame.split_by == "random":
        for name in ("entity", *frame.groups):
            found = codes_of(frame.column(name))
            if repeated(found):
                gap = group_gap(frame, learner, name)
                yield _finding(frame, f"its rows share '{name}'", gap, f"on other groups of {name}", [name])


def _finding(frame: Frame, fact: str, gap: Gap | None, other: str, names: list[str]) -> Finding:
    measured = gap.words(other) if gap else "what that costs cannot be told on so few rows"
    argued = f"'{frame.because}'" if frame.because else "nobody says why"
    words = f"is split by '{frame.split_by}', yet {fact} ({argued}): {measured}"
    harmless = gap is not None and gap.costs_nothing
    excuse = f"argued for, and it costs nothing: {frame.because}" if frame.because and harmless else None
    if frame.split_by == "group":
        excuse = "groups were asked for; what comes later is another matter"
    evidence = {
        **(gap.evidence() if gap else {}),
        "because": frame.because,
        "rows": shown_rows(frame, np.array([0, frame.rows.num_rows - 1]), names),
    }
    return Finding(1, words, None, evidence, excuse=excuse)
