"""How far two groups are apart, how sure that is, and whether a policy bears it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from shipworthy.bounds import Outcome
from shipworthy.evaluation.fairness.rates import Spread
from shipworthy.records import Interval

LEVEL = 0.95
MOST_UNJUDGED = 0.05  # share of rows in groups too small to be judged beside which the rest can still pass


@dataclass(frozen=True, slots=True)
class Limit:
    """What a policy bears: the least ratio of two groups (of the smaller to the larger), or the largest difference; the other is None."""

    least_ratio: float | None = None
    most_difference: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """Between what the ratio, or the difference, of two groups may lie, in whichever order they are taken."""
        if self.least_ratio is not None:
            return self.least_ratio, 1 / self.least_ratio
        most = self.most_difference or 0.0
        return -most, most

    def __str__(self) -> str:
        if self.least_ratio is not None:
            return f"a ratio of at least {self.least_ratio:g}"
        return f"a difference of at most {self.most_difference:g}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups beside each other in one metric: `value` is their ratio or their difference, first by second or first minus second.

    `interval` is at 95 %, `strict` at a level that holds over all pairs together.
    """

    metric: str
    first: str
    second: str
    value: float | None
    interval: Interval | None
    strict: Interval | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Judged:
    """What a policy says of the groups of one column: the worst pair first, the groups that were too small, the outcome of all."""

    pairs: tuple[Pair, ...]
    small: tuple[str, ...]
    outcome: Outcome


def difference(first: Spread, second: Spread, level: float = LEVEL) -> Interval | None:
    """Return where first minus second lies; None where that is not known.

    Source:
        Newcombe (1998), method 10; for any two intervals Zou and Donner (2008), equation 4.
    """
    one, other = first.interval(level), second.interval(level)
    if one is None or other is None or first.value is None or second.value is None:
        return None
    apart = first.value - second.value
    below = math.hypot(first.value - one.low, other.high - second.value)
    above = math.hypot(one.high - first.value, second.value - other.low)
    return Interval(apart - below, apart + above, level)


def ratio(first: Spread, second: Spread, level: float = LEVEL) -> Interval | None:
    """Return where first by second lies; its upper end is infinite where second may be 0. None where nothing is known.

    Source:
        Zou and Donner (2008), as `difference`, of the logarithms.
    """
    one, other = first.interval(level), second.interval(level)
    if one is None or other is None or not first.value or not second.value:
        return None
    apart = math.log(first.value) - math.log(second.value)
    below = math.hypot(_log(first.value, one.low), _log(other.high, second.value)) if one.low > 0 else math.inf
    above = math.hypot(_log(one.high, first.value), _log(second.value, other.low)) if other.low > 0 else math.inf
    return Interval(math.exp(apart - below), math.exp(apart + above) if math.isfinite(above) else math.inf, level)


def judge(
    metrics: Mapping[str, Sequence[Spread]],
    names: Sequence[str],
    limit: Limit,
    *,
    least: int,
    reference: str | None = None,
    compared: int = 0,
) -> Judged:
    """Return whether the groups `names` are alike enough in every one of `metrics`.

    It fails where a pair is surely beyond the limit, at a level that holds over all pairs together (Bonferroni), and passes where each
    pair is surely within it, which needs no such correction (Berger 1982, intersection-union); else it is unknown. A group with fewer
    than `least` rows to a metric is not judged; where such groups hold more than one row in twenty, nothing passes.

    Args:
        metrics: of each metric, the spread in each group, in the order of `names`.
        names: the groups.
        limit: what the policy bears.
        least: rows that a group needs.
        reference: the group that others are compared with; each with each if None.
        compared: how many pairs are judged together, where there are more than these.
    """
    judged = {name: [place for place, one in enumerate(found) if one.rows >= least] for name, found in metrics.items()}
    chosen = {name: _pairs(places, names, reference) for name, places in judged.items()}
    whole = max(compared, sum(len(pairs) for pairs in chosen.values()), 1)
    pairs = [
        _pair(metric, names[one], names[other], metrics[metric][one], metrics[metric][other], limit, 1 - (1 - LEVEL) / whole)
        for metric, places in chosen.items() for one, other in places
    ]  # fmt: skip
    small = tuple(name for place, name in enumerate(names) if any(place not in places for places in judged.values()))
    return Judged(tuple(sorted(pairs, key=lambda pair: _badness(pair, limit))), small, _outcome(pairs, metrics, judged))


def farthest(found: Sequence[Spread]) -> tuple[float | None, float | None]:
    """Return how far the groups farthest apart are, and the ratio of the lowest to the highest, as Fairlearn has them between groups.

    None where fewer than two groups have rows; the ratio is None where the highest is 0.
    """
    known = [one.value for one in found if one.value is not None]
    if len(known) < 2:
        return None, None
    low, high = min(known), max(known)
    return high - low, low / high if high else None


def _pairs(places: Sequence[int], names: Sequence[str], reference: str | None) -> list[tuple[int, int]]:
    if reference is None:
        return list(combinations(places, 2))
    return [(place, names.index(reference)) for place in places if names[place] != reference and names.index(reference) in places]


def _pair(metric: str, one: str, other: str, first: Spread, second: Spread, limit: Limit, level: float) -> Pair:
    """Return two groups beside each other, the lower one first."""
    if first.value is not None and second.value is not None and first.value > second.value:
        one, other, first, second = other, one, second, first
    apart = ratio if limit.least_ratio is not None else difference
    usual, strict = apart(first, second), apart(first, second, level)
    return Pair(metric, one, other, _value(first, second, limit), usual, strict, _judged(usual, strict, limit))


def _value(first: Spread, second: Spread, limit: Limit) -> float | None:
    if first.value is None or second.value is None:
        return None
    if limit.least_ratio is None:
        return first.value - second.value
    return first.value / second.value if second.value else None


def _judged(usual: Interval | None, strict: Interval | None, limit: Limit) -> Outcome:
    if usual is None or strict is None:
        return "unknown"
    low, high = limit.ends
    if strict.high < low or strict.low > high:
        return "fail"
    return "pass" if low <= usual.low and usual.high <= high else "unknown"


def _outcome(pairs: Sequence[Pair], metrics: Mapping[str, Sequence[Spread]], judged: Mapping[str, Sequence[int]]) -> Outcome:
    found = [pair.outcome for pair in pairs]
    if "fail" in found:
        return "fail"
    alone = any(len(places) < 2 for places in judged.values())
    left = max(_left_out(metrics[name], places) for name, places in judged.items()) if judged else 1.0
    return "pass" if found and not alone and left <= MOST_UNJUDGED and set(found) == {"pass"} else "unknown"


def _left_out(found: Sequence[Spread], places: Sequence[int]) -> float:
    whole = sum(one.rows for one in found)
    return 1 - sum(found[place].rows for place in places) / whole if whole else 1.0


def _badness(pair: Pair, limit: Limit) -> tuple[int, float]:
    """Return what puts the worst pair first: a failed one, then by how far it is apart."""
    apart = 0.0 if pair.value is None else pair.value if limit.least_ratio is not None else -abs(pair.value)
    return (0 if pair.outcome == "fail" else 1, apart)


def _log(above: float, below: float) -> float:
    return math.log(above) - math.log(below)
