"""Days on which something was wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow.compute as pc

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask
from shipworthy.checks.training_set.base.periods import Periods, moment, periods, runs
from shipworthy.checks.training_set.base.strange import Strange, binned, in_nulls, in_rows, in_values, outermost, tenths

REFUSED = 0.005
FEW = 0.1
REGULAR, LEAST_STEPS = 0.9, 100
DAY = timedelta(days=1)
Looked = tuple[str | None, str, Strange]


class BadPeriods(TrainingCheck):
    """Share of the rows that lie in periods unlike the like ones around them: in rows, or in one feature's nulls or values.

    Days if there are at least 14 with 20 rows each, else hours, weeks or months, in UTC. A day is compared with the same weekday of four
    weeks before and of four weeks after, and must be unlike both, so that neither a season, nor a trend, nor a lasting change is strange.
    It is refused where in days with one row in two hundred a feature is all but gone, or of another magnitude; the rest, and how many
    rows there are, is reported. The finding says what to write into `training.exclude`; what is excluded is not looked at again.

    Fires when a load failed, ran twice, or delivered another unit or a default for a few days.
    Blind to what lasts longer than two weeks, to a feature's first periods, which are empty where its history begins, to columns that
    are never two days alike, and to a period without rows of any kind at an end.
    What a bad day leaves in averages over later days is a matter of the features' SQL: mend it there.
    """

    unit = "share of rows, 0 to 1"
    costs = False
    refuses = Bound(high=REFUSED)
    notes = Bound(high=0)
    of_label = True
    fix = "mend the source and build again, or leave these decisions out: paste the exclusion into 'training' of the model's YAML"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each feature with strange periods, for rows, for the label and for exclusions; none without periods."""
        stale = [_stale(frame, place) for place, exclusion in enumerate(frame.excluded) if not exclusion.decisions]
        found = periods(frame)
        if found is None:
            return stale
        looked_at: list[Looked] = [(None, "rows", in_rows(found)), (None, "label", in_values(found, *tenths(frame.label)))]
        for name in frame.features:
            empty = np.asarray(pc.is_null(frame.rows.column(name)).to_numpy(), bool)
            looked_at.append((name, "nulls", in_nulls(found, empty)))
            looked_at.append((name, "values", in_values(found, *binned(frame, name), _far(frame, name))))
        return [*stale, *_missing(frame), *(_finding(frame, found, *alike) for alike in _together(looked_at))]

    def passes(self) -> Frame:
        """Return a set of 40 days that are much alike."""
        return shown(**sound(40 * 48), every=timedelta(minutes=30))

    def fails(self) -> Frame:
        """Return the same set with a feature that is null for a day and a half."""
        drawn = sound(40 * 48)
        amount = [None if 48 * 20 <= number < 48 * 22 else value for number, value in enumerate(drawn["columns"]["amount"])]
        return shown(drawn["columns"] | {"amount": amount}, drawn["label"], every=timedelta(minutes=30))


def _together(looked_at: Sequence[Looked]) -> list[tuple[list[str], str, Strange]]:
    """Return what was looked at, features that are strange in the same periods and in the same way as one."""
    alike: dict[tuple[str, bytes], tuple[list[str], str, Strange]] = {}
    for place, (name, what, strange) in enumerate(looked_at):
        begun = strange.begun() if name else strange
        key = what, begun.flagged.tobytes() if begun.flagged.any() else str(place).encode()
        alike.setdefault(key, ([], what, begun))[0].extend([name] if name else [])
    return list(alike.values())


def _finding(frame: Frame, found: Periods, names: Sequence[str], what: str, strange: Strange) -> Finding:
    bad, name = strange.flagged, next(iter(names), None)
    if bad.mean() > FEW:  # what is strange most of the time is no matter of a few days
        bad = np.zeros_like(bad)
    if not bad.any():
        return Finding(0.0, f"has no {found.length} that is unlike the others in its {what}", name)
    certain = int(found.rows[bad & strange.surely].sum()) / frame.rows.num_rows
    inside = int(found.rows[bad].sum())
    value = certain if certain > REFUSED else min(REFUSED, max(inside / frame.rows.num_rows, 1 / len(bad)))
    spans = [found.span(first, last) for first, last in runs(bad)]
    rows = [_shown(found, strange, what, place) for place in np.flatnonzero(bad)[:5]]
    exclude = _exclusions(found, spans, f"{what} of {name}" if name else what)
    words = (
        f"has {int(bad.sum()):,} of {len(bad):,} {found.length}s ({inside:,} of {frame.rows.num_rows:,} rows) unlike the others in its"
        f" {what}: {'; '.join(_words(found, row, what) for row in rows[:3])}. To leave them out: exclude: [{', '.join(exclude[:3])}]"
    )
    others = f". So have {', '.join(names[1:])}" if names[1:] else ""
    evidence = {"rows": rows, "exclude": exclude, "periods": _listed(found, bad), "features": list(names)}
    return Finding(value, words + others, name, evidence)


def _shown(found: Periods, strange: Strange, what: str, place: int) -> dict[str, Any]:
    begin, _ = found.span(place, place)
    now, usual = (round(float(numbers[place]), 4) for numbers in (strange.now, strange.usual))
    return {found.length: _stamp(found, begin), "rows": int(found.rows[place]), what if what != "rows" else "is": now, "usual": usual}


def _words(found: Periods, row: dict[str, Any], what: str) -> str:
    when = row[found.length]
    if what == "rows":
        return f"{when} has {row['rows']:,}, {row['usual']:,.0f} are usual"
    if what == "nulls":
        return f"on {when} {row['nulls']:.0%} are null, {row['usual']:.0%} are usual"
    return f"on {when} {row[what]:.0%} of the values are others than usual ({row['usual']:.0%} are elsewhere)"


def _exclusions(found: Periods, spans: Sequence[tuple[datetime, datetime]], reason: str) -> list[str]:
    """Return what to paste into `training.exclude`: days are included to the last one, of moments the last one is not."""
    days = found.length != "hour"
    ends = [(begin.date(), (end - DAY).date()) if days else (begin.isoformat(), end.isoformat()) for begin, end in spans]
    return [f"{{from: {begin}, to: {end}, reason: {reason} unlike the days around}}" for begin, end in ends]


def _listed(found: Periods, bad: Mask) -> list[str]:
    return [_stamp(found, found.span(int(place), int(place))[0]) for place in np.flatnonzero(bad)]


def _stamp(found: Periods, begin: datetime) -> str:
    return begin.isoformat(sep=" ", timespec="minutes") if found.length == "hour" else begin.date().isoformat()


def _stale(frame: Frame, place: int) -> Finding:
    exclusion = frame.excluded[place]
    begin, end = exclusion.window.start.isoformat(), exclusion.window.end.isoformat()
    words = f"excludes {begin} to {end} ({exclusion.reason}), and no decision lies there: the exclusion matches nothing"
    return Finding(REFUSED, words, evidence={"rows": [{"from": begin, "to": end, "decisions": 0}]})


def _far(frame: Frame, name: str) -> Mask | None:
    return outermost(frame.numbers(name)) if frame.features[name].kind in ("number", "integer") else None


def _missing(frame: Frame) -> list[Finding]:
    """Return a finding for moments without a row, where decisions come at one beat: every hour, every day."""
    times = np.unique(frame.times)
    steps = np.diff(times)
    if len(steps) < LEAST_STEPS:
        return []
    beats, counts = np.unique(steps, return_counts=True)
    beat = beats[counts.argmax()]
    if counts.max() < REGULAR * len(steps) or beat < np.timedelta64(1, "m") or (steps % beat != np.timedelta64(0)).any():
        return []
    gaps = [place for place in np.flatnonzero(steps > beat) if not _on_purpose(frame, times[place])]
    missing = int(sum(steps[place] // beat - 1 for place in gaps))
    if not missing:
        return [Finding(0.0, f"has a row for each of {len(times):,} moments")]
    rows = [{"after": str(moment(times[place])), "missing": int(steps[place] // beat - 1)} for place in gaps]
    words = (
        f"has no row for {missing:,} of {missing + len(times):,} moments, one every {beat.item()}: {len(gaps):,} gaps,"
        f" for example {rows[0]['missing']} missing after {rows[0]['after']}"
    )
    rows = sorted(rows, key=lambda row: -int(str(row["missing"])))
    return [Finding(min(REFUSED, missing / len(times)), words, evidence={"missing": missing, "rows": rows[:5]})]


def _on_purpose(frame: Frame, time: np.datetime64) -> bool:
    after = moment(time)
    return any(exclusion.window.start - 2 * DAY <= after <= exclusion.window.end for exclusion in frame.excluded)
