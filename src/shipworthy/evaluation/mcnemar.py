"""Whether two ways to act are right equally often, on the same rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Acted = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Disagreed:
    """Rows on which one of two was right and the other wrong, and how likely a split as uneven is by chance; None without such rows."""

    first_right: int
    second_right: int
    p_value: float | None


def mcnemar(truth: npt.NDArray[np.float64], first: Acted, second: Acted) -> Disagreed:
    """Return how often `first` and `second`, who acted on the same rows, were right where the other was wrong.

    Every row is taken for a witness of its own.

    Source: McNemar (1947); exact, by the binomial distribution: Liddell (1983).

    >>> mcnemar(np.ones(8), np.ones(8, bool), np.array([True] * 3 + [False] * 5))
    Disagreed(first_right=5, second_right=0, p_value=0.0625)
    """
    right, other = first == (truth > 0), second == (truth > 0)
    ours, theirs = int((right & ~other).sum()), int((~right & other).sum())
    chance = float(stats.binomtest(ours, ours + theirs).pvalue) if ours + theirs else None
    return Disagreed(ours, theirs, chance)
