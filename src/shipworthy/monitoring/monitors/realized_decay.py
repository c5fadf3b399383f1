"""A promise that is not kept."""

from shipworthy.bounds import Bound
from shipworthy.monitoring import examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, judged
from shipworthy.records import Interval, Promise

FLOOR = 0.05


class RealizedDecay(Monitor):
    """How much worse the metric on matured labels is than the offline promise, as a share of the promise.

    Fires when the realized metric is more than 0.05 above the promise and its whole interval above the promise's, or when the model
    loses to the rule: the interval of model minus rule, on the same rows, lies wholly above 0.
    Blind to decay whose labels have not matured, and to a segment that decays while the whole does not.
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
            return [self.finding(comparison, "unknown", f"{now.rows if now else 0:,} labels have matured: too few to tell")]
        if promise is None or not promise.value or promise.interval is None:
            return [self.finding(comparison, "unknown", "nothing was promised to compare with", rows=now.rows)]
        share = now.value / promise.value - 1
        broken = share > FLOOR and now.interval.low > promise.interval.high
        lost = now.difference is not None and now.difference.low > 0
        fix = "train again; if a feature or a source broke at the same time, mend it first"
        words, outcome = _words(now, promise, broken=broken, lost=lost), judged(wrong=broken or lost)
        evidence = _evidence(now, promise)
        return [self.finding(comparison, outcome, words, value=share, rows=now.rows, fix=fix, evidence=evidence)]


def _words(now: Promise, promise: Promise, *, broken: bool, lost: bool) -> str:
    head = "the promise is broken" if broken else "the model loses to its rule" if lost else "the promise holds"
    promised = _figure(promise.value, promise.interval)
    figures = f"version {now.version}'s {now.metric} was {_figure(now.value, now.interval)} where {promised} was promised"
    rule = "" if now.rule is None else f"; the rule had {now.rule:.4g} on the same {now.rows:,} predictions"
    return f"{head}: {figures}{rule}"


def _figure(value: float | None, interval: Interval | None) -> str:
    if value is None:
        return "nothing"
    return f"{value:.4g}" if interval is None else f"{value:.4g} ({interval.low:.4g} to {interval.high:.4g})"


def _evidence(now: Promise, promise: Promise) -> dict[str, float | int | None]:
    apart = now.difference
    ends = {"difference_low": apart.low if apart else None, "difference_high": apart.high if apart else None}
    return {"version": now.version, "realized": now.value, "promised": promise.value, "rule": now.rule, "rows": now.rows, **ends}
