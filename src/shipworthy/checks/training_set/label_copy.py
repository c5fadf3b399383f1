"""The label under another name."""

from collections.abc import Iterator, Sequence

import numpy as np

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.determined import Sum, determined, exact_sum
from shipworthy.checks.training_set.base.empty import empty
from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.sample import sample


class LabelCopy(TrainingCheck):
    """How exactly features give the label: one whose every value goes with one label, or numbers of which it is a sum or difference.

    A value counts if it comes at least twice, so that rare codes prove nothing; at least thirty rows must lie off the most frequent
    label. A sum is sought among all numbers at once by least squares, in which a null counts as nothing, on at most 20,000 rows.
    Refuses above 0.999 of the rows, or of the label's spread.

    Fires when the outcome stands among the features as another code or unit, or as its parts: casual + registered = all.
    Blind to an outcome that is nearly given (feature_power), to products and quotients, and to a code of which each value comes once.
    """

    unit = "share of the rows, or of the label's variance, that is given exactly"
    refuses = Bound(high=0.999)
    of_label = True
    fix = "take the columns out of the features, and declare them 'role: post_outcome' in dbt's YAML"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding for each feature with values that come again, and one for a sum."""
        seen = sample(frame)
        return [*_singles(frame, seen), *_sums(frame, seen)]

    def passes(self) -> Frame:
        """Return a set in which no feature gives the label."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set with two parts of what is to be predicted."""
        drawn = sound()
        first, then = chance(1).poisson(20, 600), chance(2).poisson(20, 600)
        return shown(drawn["columns"] | {"casual": first, "registered": then}, (first + then).astype(float), task="regression")


def _singles(frame: Frame, seen: Frame) -> Iterator[Finding]:
    for name in frame.features:
        found = determined(seen, name)
        if found is None:
            continue
        words = (
            f"gives the label exactly in {found.agreeing:,} of {found.rows:,} rows: each of its {found.values:,} values goes with one label"
        )
        if found.share <= LabelCopy.refuses.high:  # type: ignore[operator]
            yield Finding(found.share, f"gives the label in {found.share:.1%} of rows", name)
            continue
        rows = shown_rows(frame, np.flatnonzero(~empty(frame.rows.column(name))), [name])
        example = f", for example {rows[0][name]!s} with {rows[0]['label']!s}" if rows else ""
        yield Finding(found.share, f"{words}{example}", name, {"values": found.values, "rows": rows})


def _sums(frame: Frame, seen: Frame) -> Iterator[Finding]:
    found: Sum | None = exact_sum(seen)
    if found is None:
        return
    rows = shown_rows(frame, np.arange(frame.rows.num_rows), list(found.weights))
    example = f", for example {found.words(rows[0])} = {rows[0]['label']!s}"
    words = f"has the label among its features: {found.formula()} gives it exactly in {seen.rows.num_rows:,} rows looked at{example}"
    evidence = {"weights": dict(found.weights), "rest": found.rest, "rows": rows}
    yield Finding(found.share, words, None if len(found.weights) > 1 else next(iter(found.weights)), evidence, tuple(found.weights))
