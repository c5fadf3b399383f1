"""Answers whose distribution has moved."""

from shipworthy.bounds import Bound
from shipworthy.monitoring import distances, examples
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor, Seen, judged
from shipworthy.monitoring.profile import Numbers, mean, side_by_side

FLOOR = 0.08
CHANCE = 0.001


class PredictionDrift(Monitor):
    """The largest gap between the distribution functions of the predictions and those of the reference (KS distance).

    Fires when the gap is above 0.08, beyond chance (p < 0.001), and wider than in four or more past windows (their median and MAD).
    Blind to predictions that are wrong in an old pattern.
    """

    unit = "difference of two shares, 0 to 1"
    severity = "warning"
    cause = "world"
    default = Bound(high=FLOOR)

    @property
    def passes(self) -> Comparison:
        """Answers spread as they were."""
        return examples.answers([float(n % 40) for n in range(2000)], [float(n % 40) for n in range(400)])

    @property
    def fails(self) -> Comparison:
        """Every answer eight higher."""
        return examples.answers([float(n % 40) for n in range(2000)], [float(n % 40) + 8 for n in range(400)])

    def judge(self, comparison: Comparison) -> list[Finding]:
        """Return one finding about the model."""
        learnt, met = _answers(comparison.reference), _answers(comparison.current)
        gap = _gap(learnt, met)
        if learnt is None or met is None or gap is None or comparison.thin:
            return [self.finding(comparison, "unknown", f"too few predictions to tell: {met.known if met else 0:,}")]
        past = [_answers(seen) for seen in comparison.past if (seen.rows or 0) >= comparison.minimum_rows]
        earlier = [_gap(learnt, found) for found in past]
        limit = max(FLOOR, distances.highest_usual([None if found is None else found[0] for found in earlier]) or 0.0)
        outcome = judged(wrong=gap[0] > limit and gap[1] < CHANCE)
        words = (
            f"the predictions' mean went from about {mean(learnt):.4g} to {mean(met):.4g}; "
            f"their distribution moved by {gap[0]:.2f}, {limit:.2f} is the limit"
        )
        fix = "see which features drift, and whether the realized error follows once labels mature"
        evidence = {"gap": gap[0], "chance": gap[1], "limit": limit}
        return [self.finding(comparison, outcome, words, value=gap[0], rows=met.known, fix=fix, evidence=evidence)]


def _answers(seen: Seen | None) -> Numbers | None:
    profile = seen.outputs if seen else None
    return profile.numbers.get(examples.PREDICTION) if profile else None


def _gap(learnt: Numbers | None, met: Numbers | None) -> tuple[float, float] | None:
    if learnt is None or met is None:
        return None
    _, reference, current = side_by_side(learnt, met)
    return distances.kolmogorov_smirnov(reference, current)
