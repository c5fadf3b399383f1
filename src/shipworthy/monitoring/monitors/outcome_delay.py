"""Outcomes that should have come by now."""

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, Seen, judged

MOST_MORE = 0.05
CHANCE = 0.001


class OutcomeDelay(Monitor):
    """Share of the predictions past their label's horizon that have no outcome.

    Fires when the share lies above the usual by more than 0.05, beyond chance (Fisher's exact test, p < 0.001). Usual is what four or
    more past windows show (their median and MAD), else the training set's share, else none.
    Blind to outcomes that are wrong, and to those that are still to mature.
    """

    unit = "share of mature predictions, 0 to 1"
    severity = "warning"
    cause = "pipeline"
    default = Bound(high=MOST_MORE)

    @property
    def passes(self) -> Comparison:
        """Two in a hundred have no outcome, where one had."""
        return examples.matured(1000, 980)

    @property
    def fails(self) -> Comparison:
        """One in ten has no outcome, where one in a hundred had."""
        return examples.matured(1000, 900)

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return one finding about the model."""
        mature, share = comparison.current.mature or 0, _missing(comparison.current)
        if share is None or mature < comparison.minimum_rows:
            return [self.finding(comparison, "unknown", f"{mature:,} predictions have matured: too few to tell")]
        past = distances.highest_usual([_missing(seen) for seen in comparison.past])
        learnt = _missing(comparison.reference)
        was = past if past is not None else learnt or 0.0
        compared = (comparison.reference.mature if comparison.reference else None) or mature
        chance = distances.two_shares(round(share * mature), mature, round(was * compared), compared)
        wrong = share - was > MOST_MORE and chance is not None and chance < CHANCE
        words = f"{share:.3f} of {mature:,} predictions have no outcome though their time has passed; {was:.3f} is usual"
        fix = "see whether the labels' source arrived; if labels take longer by now, raise label.horizon"
        evidence = {"share": share, "usual": was, "limit": was + MOST_MORE, "chance": chance}
        return [self.finding(comparison, judged(wrong=wrong), words, value=share, rows=mature, fix=fix, evidence=evidence)]


def _missing(seen: Seen | None) -> float | None:
    if seen is None or not seen.mature or seen.outcomes is None:
        return None
    return 1 - seen.outcomes / seen.mature
