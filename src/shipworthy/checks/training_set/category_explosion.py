"""Text with hardly two rows alike."""

from collections.abc import Sequence

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask
from shipworthy.checks.training_set.base.rows import plain
from shipworthy.checks.training_set.base.values import values_of

FEWEST = 30


class CategoryExplosion(TrainingCheck):
    """Chance that the next row has a category that was never seen before: a category that tells the model nothing.

    It is estimated by the share of rows whose category occurs once. Columns with fewer than 30 categories are not looked at.

    Source: Good (1953), "The Population Frequencies of Species", with Turing's n1 / n.

    Fires when free text, a name, an identifier or a number written as text is a feature.
    Blind to identifiers that come several times each.
    """

    unit = "chance of a new category, 0 to 1"
    notes = Bound(high=0.1)
    fix = "cast numbers to numbers; of free text keep what groups the rows (a prefix, a kind, a length); leave identifiers out"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each text with 30 categories or more."""
        return [_finding(frame, name) for name in frame.named("text") if frame.values[name].distinct >= FEWEST]

    def passes(self) -> Frame:
        """Return a set with 40 towns."""
        drawn = sound()
        return shown(drawn["columns"] | {"town": [f"town {number}" for number in chance().integers(0, 40, 600)]}, drawn["label"])

    def fails(self) -> Frame:
        """Return a set in which two of three rows have a note of their own."""
        drawn = sound()
        notes = [f"called at {number}" if number % 3 else "no answer" for number in range(600)]
        return shown(drawn["columns"] | {"note": notes}, drawn["label"])


def _finding(frame: Frame, name: str) -> Finding:
    found = frame.values[name]
    singles = int((found.counts == 1).sum())
    once = [plain(found.values[int(place)].as_py()) for place in (found.counts == 1).nonzero()[0][:5]]
    unseen = _unseen(frame, name, frame.fit, frame.holdout)
    new = f"; {unseen:.1%} of the holdout have one that was not learnt from" if unseen is not None else ""
    example = f", for example {once[0]!r}" if once else ""
    words = f"has {found.distinct:,} categories in {found.filled:,} rows, {singles:,} of them once{example}{new}"
    evidence = {"categories": found.distinct, "once": singles, "unseen_in_holdout": unseen, "rows": [{name: value} for value in once]}
    return Finding(singles / found.filled, words, name, evidence)


def _unseen(frame: Frame, name: str, fit: Mask | None, holdout: Mask | None) -> float | None:
    """Return the share of the holdout's rows whose category the fit has not; None without a split."""
    if fit is None or holdout is None or not holdout.any():
        return None
    seen = set(values_of(frame.rows.column(name).filter(fit)).values.to_pylist())
    held = values_of(frame.rows.column(name).filter(holdout))
    new = sum(int(count) for value, count in zip(held.values.to_pylist(), held.counts, strict=True) if value not in seen)
    return new / held.filled if held.filled else None
