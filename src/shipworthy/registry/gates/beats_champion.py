"""Whether the candidate is no worse than the version that answers today."""

from dataclasses import replace

from shipworthy.bounds import Outcome
from shipworthy.records import Interval, Verdict
from shipworthy.registry.gates.base import EXAMPLE, AgainstChampion, Candidate, Gate
from shipworthy.registry.words import better_by, known, span, two_losses

NEGLIGIBLE = 0.01  # share of the champion's loss


class BeatsChampion(Gate):
    """On the same recent rows the candidate's loss is not above the champion's.

    It passes if its mean loss is no higher, or if the whole interval of the paired difference lies below the margin
    (`evaluation.margin`, 1 % of the champion's loss without one): a model trained on newer data need not win, it must not
    lose. It fails if the whole interval lies above 0, or above a margin that the spec states; if the rows cannot tell, that is unknown.

    Fires when a retraining learnt from bad or too little data.
    Blind to a candidate that is lucky on these rows: what is realized afterwards, and rollback, are for that.
    """

    passes = EXAMPLE
    fails = replace(EXAMPLE, against_champion=AgainstChampion("mae", EXAMPLE.offline.window, 27345, 13.1, 12.3, Interval(0.4, 1.2)))
    unknown = replace(EXAMPLE, against_champion=None)

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict; where nothing answers yet there is nothing to beat."""
        if candidate.champion is None:
            return self.verdict(candidate, "pass", "there is no champion to beat")
        pair, other = candidate.against_champion, f"version {candidate.champion}"
        fix = f"keep {other}; look at what the newer data holds, or compare on more rows"
        if pair is None or pair.value is None or pair.champion is None or pair.difference is None:
            return self.verdict(candidate, "unknown", f"there are not enough rows to tell the candidate from {other}", fix)
        if not known(pair.value, pair.champion, pair.difference.low, pair.difference.high):
            return self.verdict(candidate, "unknown", f"the comparison with {other} gave no number", fix)
        mean = pair.value - pair.champion
        stated = candidate.spec.evaluation.margin
        margin = stated.of(pair.champion) if stated else NEGLIGIBLE * pair.champion
        outcome, end = _ending(mean, pair.difference, margin, stated=stated is not None)
        compared = two_losses(pair.metric, candidate.unit, pair.value, other, pair.champion)
        words = f"over {span(pair.window)} ({pair.rows:,} decisions) {compared}: {better_by(mean, pair.difference, other)}{end}"
        return self.verdict(candidate, outcome, words, fix, _evidence(candidate.champion, pair, pair.difference, margin))


def _ending(mean: float, difference: Interval, margin: float, *, stated: bool) -> tuple[Outcome, str]:
    if mean <= 0:
        return "pass", "."
    if difference.high <= margin:
        return "pass", f", surely within the margin of {margin:,.4g} that the spec allows." if stated else ", too little to matter."
    if difference.low > (margin if stated else 0):
        return "fail", ". Keep the champion."
    return "unknown", ", and the rows cannot tell whether that is chance."


def _evidence(champion: int, pair: AgainstChampion, difference: Interval, margin: float) -> dict[str, object]:
    return {
        "metric": pair.metric,
        "rows": pair.rows,
        "from": pair.window.start.isoformat(),
        "to": pair.window.end.isoformat(),
        "model": pair.value,
        "champion": pair.champion,
        "champion_version": champion,
        "difference": [difference.low, difference.high],
        "level": difference.level,
        "negligible": margin,
    }
