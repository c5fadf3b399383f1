"""A promise that is not kept."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

from shipworthy.bounds import Bound
from shipworthy.monitoring import examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.records import Interval, Promise

FLOOR = 0.05
TOGETHER = 4  # windows: a single one often holds too few storms, or one too many, to tell
BEYOND_CHANCE = 2.326  # standard errors: one window in a hundred of a promise that is just kept


class RealizedDecay(Monitor):
    """How much worse the metric on matured labels is than the offline promise, as a share of the promise.

    Fires when the promise is broken: the realized metric is more than 0.05 above it and its whole interval above the promise's, in this
    window alone; or the mean of this and up to three windows before it, of the same version, is more than 0.05 above the
    promise beyond chance (2.33 standard errors of the difference). Fires also when the model loses to the rule on the
    same rows: model minus rule lies wholly above 0, in this window or in those together.
    Blind to decay whose labels have not matured, and to a segment that decays while the whole does not.

    Source: the mean of independent windows weighted by their rows, with the weighted sum of their variances; a variance is
    read off an interval as if it were normal, which for the wider intervals of few days errs towards silence.
    """

    unit = "share of the promised metric"
    severity = "critical"
    cause = "model"
    default = Bound(high=FLOOR)

    @property
    def passes(self) -> Comparison:
        """A mae of 10.4 where 10 was promised, and still better than the rule."""
        return examples.realized(10.4, 9.9, 10.9)

    @property
    def fails(self) -> Comparison:
        """A mae of 12 where 10 was promised."""
        return examples.realized(12.0, 11.5, 12.5)

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return one finding about the model."""
        now, promise = comparison.current.realized, comparison.promise
        if now is None or now.value is None or now.interval is None or now.rows < comparison.minimum_rows:
            return [self.finding(comparison, "unknown", f"{now.rows if now else 0:,} labels have matured, of too few rows or days to tell")]
        if promise is None or not promise.value or promise.interval is None:
            return [self.finding(comparison, "unknown", "nothing was promised to compare with", rows=now.rows)]
        several = _together(now, comparison.realized)
        broken = _broken(now.value, now.interval, promise.value, promise.interval) or _worse(several, promise.value, promise.interval)
        lost = (now.difference is not None and now.difference.low > 0) or _loses(several)
        fix = "train again; if a feature or a source broke at the same time, mend it first"
        words, evidence = _words(several, promise, broken=broken, lost=lost), _evidence(several, promise)
        return [
            self.finding(
                comparison,
                judged(wrong=broken or lost),
                words,
                value=now.value / promise.value - 1,
                rows=now.rows,
                fix=fix,
                evidence=evidence,
            )
        ]


def _together(now: Promise, earlier: Sequence[Promise]) -> list[Promise]:
    """Return `now` and the windows just before it that can be taken together with it, the newest first."""
    same = (now.model, now.version, now.metric)
    since = now.window.end - TOGETHER * (now.window.end - now.window.start)
    held = [one for one in earlier if (one.model, one.version, one.metric) == same and since <= one.window.start < now.window.start]
    known = [one for one in held if one.value is not None and one.interval is not None]
    return [now, *sorted(known, key=lambda one: one.window.start, reverse=True)]


def _mean(values: Sequence[float], intervals: Sequence[Interval], rows: Sequence[int]) -> tuple[float, float]:
    """Return the mean of windows weighted by their rows, and its standard error."""
    total = sum(rows)
    value = sum(value * count for value, count in zip(values, rows, strict=True)) / total
    error = math.hypot(*(_error(interval) * count / total for interval, count in zip(intervals, rows, strict=True)))
    return value, error


def _error(interval: Interval) -> float:
    return (interval.high - interval.low) / 2 / NormalDist().inv_cdf((1 + interval.level) / 2)


def _broken(value: float, interval: Interval, promised: float, around: Interval) -> bool:
    return value > promised * (1 + FLOOR) and interval.low > around.high


def _worse(several: Sequence[Promise], promised: float, around: Interval) -> bool:
    known = [(one.value, one.interval, one.rows) for one in several if one.value is not None and one.interval is not None]
    value, error = _mean(*zip(*known, strict=True))
    return value > promised * (1 + FLOOR) and value - promised > BEYOND_CHANCE * math.hypot(error, _error(around))


def _loses(several: Sequence[Promise]) -> bool:
    known = [
        (one.value - one.rule, one.difference, one.rows)
        for one in several
        if one.value is not None and one.rule is not None and one.difference is not None
    ]
    if not known:
        return False
    apart, error = _mean(*zip(*known, strict=True))
    return apart > BEYOND_CHANCE * error


def _words(several: Sequence[Promise], promise: Promise, *, broken: bool, lost: bool) -> str:
    now = several[0]
    head = "the promise is broken" if broken else "the model loses to its rule" if lost else "the promise holds"
    promised = _figure(promise.value, promise.interval)
    figures = f"version {now.version}'s {now.metric} was {_figure(now.value, now.interval)} where {promised} was promised"
    rule = "" if now.rule is None else f"; the rule had {now.rule:.4g} on the same {now.rows:,} predictions"
    before = [f"{one.value:.4g}" for one in several[:0:-1] if one.value is not None]
    earlier = f"; in the windows before it was {', '.join(before)}" if before else ""
    return f"{head}: {figures}{rule}{earlier}"


def _figure(value: float | None, interval: Interval | None) -> str:
    if value is None:
        return "nothing"
    return f"{value:.4g}" if interval is None else f"{value:.4g} ({interval.low:.4g} to {interval.high:.4g})"


def _evidence(several: Sequence[Promise], promise: Promise) -> dict[str, Any]:
    now = several[0]
    apart = now.difference
    ends = {"difference_low": apart.low if apart else None, "difference_high": apart.high if apart else None}
    figures = {"version": now.version, "realized": now.value, "promised": promise.value, "rule": now.rule, "rows": now.rows}
    return {**figures, **ends, "windows_before": [one.value for one in several[1:]]}
