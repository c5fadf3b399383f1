"""Rows of the holdout that nearly are fitted rows."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import rankdata

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.equal_rows import equal_rows
from shipworthy.checks.training_set.base.examples import chance, shown
from shipworthy.checks.training_set.base.frame import Frame, Learner, Mask, Numbers
from shipworthy.checks.training_set.base.power import numbers
from shipworthy.checks.training_set.base.rows import shown_rows
from shipworthy.checks.training_set.base.sample import Places, places, thinned
from shipworthy.checks.training_set.base.twins import Likeness, Pairs, likeness
from shipworthy.checks.training_set.base.values import codes_of

MOST_ASKED = 2_500
MOST_KNOWN = 6_000
LEAST_ROWS = 200
LEAST_NUMBERS = 2
NEAR = 0.005
LEAST_Z = 6.0
COPIES = 0.5
DIRECTIONS = 4  # that texts lie apart in


class NearRowOverlap(TrainingCheck):
    """Share of the rows of the holdout that lie nearer to a fitted row than fitted rows lie to each other, beyond chance.

    Near is a distance below the half percent of smallest ones among fitted rows; numbers are compared by rank, texts by being the same,
    and rows that are equal are row_overlap's. Reported above one in a hundred and six standard errors. Refused if it costs
    something: if the labels of such twins agree far more (0.5) than their features say. At most 6,000 fitted and 2,500 held rows
    are compared, so that of copies in a larger set only a part is seen.

    Fires when copies were jittered, rounded or measured again and fell on both sides.
    Blind to copies in sets with a text that is different in every row, and to fewer than 200 rows on a side.
    """

    unit = "share of the holdout's rows beyond chance, 0 to 1"
    refuses = Bound(high=0.05)
    notes = Bound(high=0.01)
    fix = "find out where nearly equal rows come from; keep one of each, or split by the group that they form"

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        """Return one finding, none where the set is not split or has too few rows or numbers."""
        if frame.fit is None or frame.holdout is None or min(frame.fit.sum(), frame.holdout.sum()) < LEAST_ROWS:
            return []
        if len(frame.named("integer", "number", "date", "timestamp")) < LEAST_NUMBERS:
            return []
        known, held = _some(frame, frame.fit, MOST_KNOWN), _some(frame, frame.holdout, MOST_ASKED)
        share, asked, pairs = _near(frame, np.union1d(known, held))
        words = f"has {len(pairs.held):,} of {asked:,} rows of the holdout that were looked at nearer to a fitted row than fitted rows are"
        if share <= NearRowOverlap.notes.high:  # type: ignore[operator]
            return [Finding(share, words)]
        alike = likeness(frame, learner, pairs)
        rows = shown_rows(frame, np.array([pairs.fitted[0], pairs.held[0]]), list(frame.features)[:6])
        example = f", for example {rows[1]['entity']} to {rows[0]['entity']}"
        evidence = {"alike": alike and alike.value, "rows": rows}
        return [Finding(share, f"{words}{example}; {_cost(alike)}", None, evidence, excuse=_excuse(alike))]

    def passes(self) -> Frame:
        """Return a set whose rows come from one source."""
        return shown(**_measured())

    def fails(self) -> Frame:
        """Return a set of which every third row of the holdout is a fitted row, measured again."""
        drawn, source = _measured(), np.arange(1200)
        source[900::3] = np.arange(300, 400)
        jitter = chance(9).normal(0, 1e-4, 1200) * (source != np.arange(1200))
        columns = {name: np.asarray(values)[source] + jitter for name, values in drawn["columns"].items()}
        return shown(columns, np.asarray(drawn["label"])[source])


def _measured() -> dict[str, Any]:
    rows, drawn = 1200, chance(4)
    columns = {f"reading_{number}": drawn.normal(size=rows) for number in range(5)}
    return {"columns": columns, "label": (sum(columns.values()) + drawn.logistic(0, 2, rows) > 0).astype(int)}


def _near(frame: Frame, looked_at: Places) -> tuple[float, int, Pairs]:
    """Return which share of the held rows among `looked_at` is near beyond chance, of how many, and the pairs that are near."""
    seen = thinned(frame, looked_at)
    assert seen.fit is not None
    known, asked = np.flatnonzero(seen.fit), np.flatnonzero(~seen.fit)
    matrix, same = _matrix(seen), equal_rows(seen)
    usual, _ = _nearest(matrix, same, known[places(len(known), len(asked), frame.seed + 1)], known)
    found, twin = _nearest(matrix, same, asked, known)
    limit = float(np.quantile(usual[np.isfinite(usual)], NEAR)) if np.isfinite(usual).any() else 0.0
    near = found < limit
    expected, share = float((usual < limit).mean()), float(near.mean())
    error = math.sqrt(max(expected, NEAR) * 2 / len(asked))
    order = np.argsort(found[near], kind="stable")
    pairs = Pairs(looked_at[asked[near][order]], looked_at[twin[near][order]])
    return (share - expected if share - expected > LEAST_Z * error else 0.0), len(asked), pairs


def _nearest(matrix: Numbers, same: Places, asked: Places, known: Places, step: int = 500) -> tuple[Numbers, Places]:
    """Return the distance of each row of `asked` to the nearest of `known` that is not equal to it, and which that is."""
    distance, twin = np.full(len(asked), np.inf), np.zeros(len(asked), dtype=np.int64)
    there, length = matrix[known], (matrix[known] ** 2).sum(axis=1)
    for start in range(0, len(asked), step):
        rows = asked[start : start + step]
        apart = (matrix[rows] ** 2).sum(axis=1)[:, None] + length - 2 * matrix[rows] @ there.T
        apart[same[rows][:, None] == same[known]] = np.inf
        nearest = apart.argmin(axis=1)
        distance[start : start + step] = np.sqrt(np.maximum(apart[np.arange(len(rows)), nearest], 0))
        twin[start : start + step] = known[nearest]
    return distance, twin


def _some(frame: Frame, mask: Mask, most: int) -> Places:
    found = np.flatnonzero(mask)
    return found[places(len(found), most, frame.seed)]


def _matrix(frame: Frame) -> Numbers:
    """Return the features as columns: numbers by rank from 0 to 1, nulls far off, and one for each frequent text."""
    return np.stack([column for name in frame.features for column in _columns(frame, name)], axis=1, dtype=np.float32)


def _columns(frame: Frame, name: str) -> list[Numbers]:
    if frame.features[name].kind != "text":
        values = numbers(frame, name)
        gone = np.isnan(values)
        ranks = rankdata(np.where(gone, np.inf, values)) / len(values)
        return [np.where(gone, 2.0, ranks)]
    value = codes_of(frame.rows.column(name))
    random = np.random.default_rng(frame.seed).normal(size=(int(value.max(initial=0)) + 2, DIRECTIONS))
    apart = random / np.linalg.norm(random, axis=1, keepdims=True)
    return list(apart[value + 1].T)


def _cost(alike: Likeness | None) -> str:
    return alike.words() if alike else "too few to say whether that costs anything"


def _excuse(alike: Likeness | None) -> str | None:
    return None if alike is not None and alike.gives_away(COPIES) else "it costs nothing that can be shown"
