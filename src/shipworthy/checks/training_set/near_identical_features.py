"""One feature in two units or encodings."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.stats import rankdata

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner, Numbers, Whole
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.identical_features import identical

MOST_ROWS = 20_000
LEAST_ROWS = 100
FINE = 20
ROWS_EACH = 5
LEAST = 0.999


class NearIdenticalFeatures(TrainingCheck):
    """How nearly a feature orders the rows as another does, or 1 where each value of one goes with one value of the other.

    Numbers with more than 20 values are compared by the correlation of their ranks, where both are known; texts and codes by
    whether they map one to one. A sample of 20,000 rows is looked at.

    Source: Spearman (1904), the correlation of ranks.

    Fires when a column is there in two units, in text and as its code, or rounded.
    Blind to a column that another one determines, but not the other way round, and to sums of several.
    """

    unit = "correlation of ranks, 0 to 1"
    notes = Bound(high=LEAST)
    fix = "keep the one that is better described: two share the importance of one, and may part when one of them is changed"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return a finding for each feature that is nearly another, and one for all where none is."""
        places = frame.sample(MOST_ROWS)
        names = list(identical(frame))
        if len(places) < LEAST_ROWS or len(names) < 2:
            return []
        found = [*_in_other_units(frame, places, names), *_in_other_codes(frame, places, names)]
        return found or [Finding(0.0, f"has {len(names)} features, no two nearly the same")]

    def passes(self) -> Frame:
        """Return a set of different columns."""
        return shown(**sound())

    def fails(self) -> Frame:
        """Return a set with a length in miles and in rounded kilometres, and a plan with its code."""
        columns = sound()["columns"]
        code = [{"basic": 1, "family": 7, "student": 3}[plan] for plan in columns["plan"]]
        kilometres = np.round(1.609 * np.asarray(columns["amount"]), 2)
        return shown(columns | {"kilometres": kilometres, "plan_code": code}, sound()["label"])


def _in_other_units(frame: Frame, places: Whole, names: Sequence[str]) -> list[Finding]:
    fine = [name for name in names if frame.features[name].kind != "text" and frame.values[name].distinct > FINE]
    numbers = {name: frame.numbers(name)[places] for name in fine}
    return [
        _finding(frame, one, other, alike, f"orders the rows as {other} does (correlation of ranks {alike:.5f})")
        for one, other in combinations(fine, 2)
        if (alike := _alike(numbers[one], numbers[other])) > LEAST
    ]


def _alike(one: Numbers, other: Numbers) -> float:
    """Return the correlation of ranks without its sign, 0 where the two are known for different rows."""
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < max(LEAST_ROWS, 0.9 * max(np.isfinite(one).sum(), np.isfinite(other).sum())):
        return 0.0
    left, right = one[known], other[known]
    if _screened(left, right):
        return 0.0
    ranks = [rankdata(values) for values in (left, right)]
    return 0.0 if min(rank.std() for rank in ranks) == 0 else float(abs(np.corrcoef(*ranks)[0, 1]))


def _screened(left: Numbers, right: Numbers) -> bool:
    """Return whether a few hundred rows are enough to see that two columns order the rows differently: sorting all of them is slow."""
    step = max(1, len(left) // 500)
    ranks = [rankdata(values[::step]) for values in (left, right)]
    return bool(min(rank.std() for rank in ranks) > 0 and abs(np.corrcoef(*ranks)[0, 1]) < LEAST - 0.02)


def _in_other_codes(frame: Frame, places: Whole, names: Sequence[str]) -> list[Finding]:
    codes = {name: frame.codes(name)[places] for name in names if 2 <= frame.values[name].distinct <= len(places) / ROWS_EACH}
    found = []
    for one, other in combinations(codes, 2):
        texts = "text" in (frame.features[one].kind, frame.features[other].kind)
        coarse = texts or max(frame.values[name].distinct for name in (one, other)) <= FINE
        if coarse and frame.values[one].distinct == frame.values[other].distinct and _one_to_one(codes[one], codes[other]):
            words = f"has {frame.values[one].distinct} values, each of which goes with one value of {other}"
            found.append(_finding(frame, one, other, 1.0, words))
    return found


def _one_to_one(one: Whole, other: Whole) -> bool:
    return all(_mapped(one[:rows], other[:rows]) for rows in (500, len(one)))


def _mapped(one: Whole, other: Whole) -> bool:
    both = len(np.unique(one * (other.max() + 2) + other))
    return both == len(np.unique(one)) == len(np.unique(other))


def _finding(frame: Frame, one: str, other: str, alike: float, words: str) -> Finding:
    return Finding(alike, words, one, {"rows": shown_rows(frame, range(3), [one, other])}, columns=[other])
