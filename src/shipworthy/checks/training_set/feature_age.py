"""Feature rows that are never young, and times an hour apart when clocks change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.base.clocks import clock_changes
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Moments, Numbers
from shipworthy.checks.training_set.base.periods import moment

HOUR = 3600.0
LEAST_TIMES = 50
REGULAR = 0.5
AROUND = timedelta(days=6)
OFFSET = 10.0


@dataclass(frozen=True, slots=True)
class Ages:
    """Seconds: the beat of a relation's events, the least age that found rows have, and how it steps when clocks change."""

    beat: float
    least: float
    steps: Sequence[tuple[str, float, float]]


class FeatureAge(TrainingCheck):
    """Beats of a relation that is written at a beat (each hour, each day) by which even the youngest row found is older than its latency.

    Where the age steps by an hour in the days when clocks are changed, one side is written in local time and the other in UTC.

    Fires when a join is on the wrong hour, a time in a local zone is read as UTC, or rows are known later than said.
    Blind to relations without a beat, and to local times on both sides; where a local time makes rows younger than they are, see
    the relation's own times.
    """

    unit = "beats of the relation"
    notes = Bound(high=2.5)
    fix = "write both times with their zone (in SQL: time at time zone 'America/New_York'); if rows come so late, declare the latency"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each relation with a beat."""
        found = [(name, _ages(frame, times)) for name, times in frame.found.items()]
        return [_finding(frame, name, ages) for name, ages in found if ages is not None]

    def passes(self) -> Frame:
        """Return a set whose decisions find weather of their own hour."""
        return self._with_weather(0)

    def fails(self) -> Frame:
        """Return a set whose decisions find weather that is five hours old, and four after clocks were changed in March."""
        return self._with_weather(5)

    def _with_weather(self, hours: int) -> Frame:
        drawn = sound(3000)
        frame = shown(drawn["columns"], drawn["label"])
        late = np.full(3000, hours) - (np.arange(3000) > 24 * 66) * (hours > 0)
        times = frame.times - late * np.timedelta64(1, "h")
        return replace(frame, found={"weather": times})


def _ages(frame: Frame, times: Moments) -> Ages | None:
    known = ~np.isnat(times)
    events = np.unique(times[known]).astype("datetime64[us]")
    beat = _beat(events)
    if beat is None:
        return None
    age = (frame.times[known] - times[known]) / np.timedelta64(1, "s")
    return Ages(beat, _least(age), _steps(frame.times[known], age))


def _beat(events: Moments) -> float | None:
    if len(events) < LEAST_TIMES:
        return None
    steps = np.diff(events) / np.timedelta64(1, "s")
    beats, counts = np.unique(steps, return_counts=True)
    beat = float(beats[counts.argmax()])
    return beat if counts.max() >= REGULAR * len(steps) and beat >= 60 and not (steps % beat).any() else None


def _least(age: Numbers) -> float:
    return float(np.quantile(age, 0.01))


def _steps(times: Moments, age: Numbers) -> list[tuple[str, float, float]]:
    """Return the clock changes at which the least age steps by an hour, with the one before and the one after."""
    found = []
    for change in clock_changes(moment(times.min()), moment(times.max())):
        at, around = np.datetime64(change.replace(tzinfo=None), "us"), np.timedelta64(AROUND)
        before, after = age[(times >= at - around) & (times < at)], age[(times >= at + np.timedelta64(1, "D")) & (times < at + around)]
        if min(len(before), len(after)) >= LEAST_TIMES / 5 and abs(abs(_least(after) - _least(before)) - HOUR) < HOUR / 10:
            found.append((change.date().isoformat(), _least(before), _least(after)))
    return found


def _finding(frame: Frame, name: str, ages: Ages) -> Finding:
    latency = frame.latency.get(name, timedelta(0)).total_seconds()
    beats = max(0.0, (ages.least - latency) / ages.beat)
    columns = [feature for feature, about in frame.features.items() if about.relation == name]
    words = f"finds no row of {name} younger than {_span(ages.least)}, which has one every {_span(ages.beat)}"
    words += f" and declares a latency of {_span(latency)}" if latency else ""
    if ages.steps:
        words += "".join(f"; on {day} the least age goes from {_span(before)} to {_span(after)}" for day, before, after in ages.steps[:2])
        words += ", as clocks do: one side is in local time"
    rows: list[dict[str, Any]] = [{"clocks_change": day, "hours_before": b / HOUR, "hours_after": a / HOUR} for day, b, a in ages.steps]
    value = max(beats, OFFSET) if ages.steps and max(abs(b) for _, b, _ in ages.steps) >= HOUR * 0.9 else beats
    return Finding(value, words, evidence={"relation": name, "least_seconds": ages.least, "rows": rows[:5]}, columns=columns)


def _span(seconds: float) -> str:
    return f"{seconds / HOUR:.3g} hours" if seconds >= HOUR else f"{seconds / 60:.3g} minutes"
