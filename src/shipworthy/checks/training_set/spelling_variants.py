"""Categories that are one and the same."""

from collections.abc import Sequence

from shipworthy.bounds import Bound
from shipworthy.checks.base.spelling import Variant, variants
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner


class SpellingVariants(TrainingCheck):
    """Share of a text's rows that carry a rarer spelling of another category.

    Case, spaces and punctuation make no other category; a letter that is missing, more, another or in the wrong place makes a likely
    one, if it is rare beside the category that it resembles. From one row in a hundred on it is refused; likely ones never are.

    Fires when two sources write one thing differently, or somebody typed it.
    Blind to synonyms and abbreviations, to short categories and those with digits but for case and punctuation, and to columns with
    more than 2,000 categories.
    """

    unit = "share of rows, 0 to 1"
    refuses = Bound(high=0.01)
    notes = Bound(high=0)
    fix = "give one thing one spelling in the staging model: lower(trim(column)), or a table of what means what"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each text that has a value."""
        return [_finding(frame, name) for name in frame.named("text") if frame.values[name].distinct]

    def passes(self) -> Frame:
        """Return a set whose categories differ by more than their spelling."""
        drawn = sound()
        return shown(drawn["columns"] | {"grade": [("A", "A+", "B-", "B")[number % 4] for number in range(600)]}, drawn["label"])

    def fails(self) -> Frame:
        """Return a set in which a plan is written in four ways."""
        drawn = sound()
        plans = [plan.upper() + " " if number % 9 == 0 else plan for number, plan in enumerate(drawn["columns"]["plan"])]
        return shown(drawn["columns"] | {"plan": plans}, drawn["label"])


def _finding(frame: Frame, name: str) -> Finding:
    found = frame.values[name]
    counts = dict(zip(found.values.to_pylist(), found.counts.tolist(), strict=True))
    rarer = variants(counts)
    sure = sum(variant.rows for variant in rarer if variant.sure)
    likely = sum(variant.rows for variant in rarer if not variant.sure)
    share = max(sure / found.filled, min(likely / found.filled, 0.01))
    if not rarer:
        return Finding(0.0, f"has {found.distinct:,} categories, none of them another one's spelling", name)
    words = f"has {sure + likely:,} of {found.filled:,} rows in another spelling: {'; '.join(_words(variant) for variant in rarer[:3])}"
    rows = [{name: variant.text, "rows": variant.rows, "is": variant.of, "of_rows": variant.of_rows} for variant in rarer[:5]]
    return Finding(share, words, name, {"sure": sure, "likely": likely, "rows": rows})


def _words(variant: Variant) -> str:
    surely = "is" if variant.sure else "may be"
    return f"{variant.text!r} ({variant.rows:,}) {surely} {variant.of!r} ({variant.of_rows:,})"
