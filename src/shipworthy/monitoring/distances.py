"""How far two histograms lie apart, and whether chance would put them there: pure functions of arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

FEWEST_IN_A_CELL = 10  # chi-squared is not to be trusted on rarer levels
FEWEST_WINDOWS = 4  # fewer past windows say nothing of their spread
BEYOND_USUAL = 0.0005  # chance that a sound window lies further from past ones than they allow
Floats = NDArray[np.float64]


def wasserstein(positions: ArrayLike, reference: ArrayLike, current: ArrayLike) -> float | None:
    """Return how far mass must move to turn one histogram into the other, in standard deviations of `reference`.

    Where `reference` does not vary, the distance is in the column's own unit.

    Args:
        positions: shape (bins,), ascending, in the column's unit.
        reference: shape (bins,), counts of what the model learnt from.
        current: shape (bins,), counts of what it meets now.

    Returns:
        The distance, at least 0; None where either holds no count.

    Source:
        Vallender (1974), eq. 2: in one dimension W1 is the area between the distribution functions.

    >>> wasserstein([0, 1, 2], [1, 1, 0], [0, 1, 1])
    2.0
    """
    at, one, other = _floats(positions), _floats(reference), _floats(current)
    if not one.sum() or not other.sum():
        return None
    area = float(np.sum(np.abs(_cumulative(one) - _cumulative(other))[:-1] * np.diff(at)))
    middle = np.average(at, weights=one)
    spread = float(np.sqrt(np.average((at - middle) ** 2, weights=one)))
    return area / spread if spread > 0 else area


def kolmogorov_smirnov(reference: ArrayLike, current: ArrayLike) -> tuple[float, float] | None:
    """Return the largest gap between two distribution functions (0 to 1) and the chance of one as large.

    On binned counts the gap is at most what it is on the values, so the chance errs upwards: towards silence.

    Args:
        reference: shape (bins,), counts in ascending order of the value.
        current: shape (bins,), likewise.

    Returns:
        The gap and its p-value; None where either holds no count.

    Source:
        Smirnov (1948), the limit of sqrt(n m / (n + m)) D.

    >>> kolmogorov_smirnov([50, 50], [50, 50])
    (0.0, 1.0)
    """
    one, other = _floats(reference), _floats(current)
    n, m = one.sum(), other.sum()
    if not n or not m:
        return None
    gap = float(np.max(np.abs(_cumulative(one) - _cumulative(other))))
    return gap, float(stats.kstwobign.sf(np.sqrt(n * m / (n + m)) * gap))


def total_variation(reference: ArrayLike, current: ArrayLike) -> float | None:
    """Return the share of rows that changed their level: half the summed differences of the shares, 0 to 1.

    >>> total_variation([50, 50], [75, 25])
    0.25
    """
    one, other = _floats(reference), _floats(current)
    if not one.sum() or not other.sum():
        return None
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)


def chance_variation(reference: ArrayLike, current: ArrayLike) -> float:
    """Return the total variation that two samples of one distribution are expected to show.

    Many levels and few rows make a large one; it is subtracted before a total variation is called an effect.

    Source:
        Mean absolute value of a normal difference of shares, sqrt(2 / pi) sd, summed over the levels and halved.

    >>> round(chance_variation([5000, 5000], [50, 50]), 3)
    0.04
    """
    one, other = _floats(reference), _floats(current)
    n, m = one.sum(), other.sum()
    share = (one + other) / (n + m)
    return float(np.sum(np.sqrt(2 / np.pi * share * (1 - share) * (1 / n + 1 / m))) / 2)


def chi_squared(reference: ArrayLike, current: ArrayLike) -> float | None:
    """Return the chance that two samples of one distribution differ by as much as these levels do.

    Levels expected fewer than 10 times in either sample are dropped.

    Returns:
        The p-value; None where fewer than two levels are left.

    Source:
        Pearson (1900), the test of homogeneity in a table of 2 by k.

    >>> round(chi_squared([500, 500], [60, 40]), 4)
    0.0565
    """
    table = np.stack([_floats(reference), _floats(current)])
    if not table.sum(axis=1).all():
        return None
    expected = table.sum(axis=0) * table.sum(axis=1)[:, None] / table.sum()
    table = table[:, (expected >= FEWEST_IN_A_CELL).all(axis=0)]
    if table.shape[1] < 2:
        return None
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def adjusted(chances: Sequence[float | None]) -> list[float | None]:
    """Return each p-value adjusted for the number of them: reject those at most q, and a share q of rejections is false.

    None stays None and is not counted.

    Source:
        Benjamini and Hochberg (1995), the step-up procedure, as adjusted p-values.

    >>> adjusted([0.01, 0.04, None, 0.03])
    [0.03, 0.04, None, 0.04]
    """
    known = [chance for chance in chances if chance is not None]
    order = np.argsort(known)[::-1]
    stepped = np.minimum.accumulate([min(1.0, known[place] * len(known) / (len(known) - step)) for step, place in enumerate(order)])
    answer = dict(zip(order.tolist(), stepped.tolist(), strict=True))
    place = iter(range(len(known)))
    return [None if chance is None else float(answer[next(place)]) for chance in chances]


def two_shares(count: int, rows: int, other_count: int, other_rows: int) -> float | None:
    """Return the chance that the first share lies as far above the second as it does, were both one.

    Returns:
        The one-sided p-value, exact at any size; None where either has no rows.

    Source:
        Fisher (1935), the exact test of a table of 2 by 2: the tail of the hypergeometric distribution.

    >>> round(two_shares(3, 4, 1, 4), 4)
    0.2429
    """
    if not rows or not other_rows:
        return None
    return float(stats.hypergeom.sf(count - 1, rows + other_rows, count + other_count, rows))


def usual(values: Sequence[float | None]) -> tuple[float, float] | None:
    """Return the median of past windows and their robust standard deviation.

    Returns:
        Both; None where fewer than four are known.

    Source:
        Hampel (1974): 1.4826 times the median absolute deviation.

    >>> usual([1.0, 2.0, 3.0, 100.0, None])
    (2.5, 1.4826)
    """
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_WINDOWS:
        return None
    middle = float(np.median(known))
    return middle, 1.4826 * float(np.median(np.abs(np.asarray(known) - middle)))


def spreads(windows: int) -> float:
    """Return how many robust standard deviations from the median of so many past windows a sound one may lie.

    About 4 for seventeen weeks, and more for fewer: what four weeks show says little of a fifth.

    Source:
        The one-sided prediction interval of a normal variable, t(n - 1) sqrt(1 + 1 / n), at 0.0005.

    >>> [round(spreads(windows), 1) for windows in (4, 8, 17, 52)]
    [14.4, 5.7, 4.1, 3.5]
    """
    return float(stats.t.isf(BEYOND_USUAL, windows - 1) * np.sqrt(1 + 1 / windows))


def highest_usual(values: Sequence[float | None]) -> float | None:
    """Return how high a sound window may lie, by the spread of past ones; None where fewer than four are known.

    >>> round(highest_usual([0.10, 0.12, 0.10, 0.08, 0.11, 0.09, 0.10, 0.11]), 3)
    0.185
    """
    found = usual(values)
    return None if found is None else found[0] + spreads(sum(value is not None for value in values)) * found[1]


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=float)


def _cumulative(counts: Floats) -> Floats:
    return np.asarray(np.cumsum(counts) / counts.sum(), dtype=float)
