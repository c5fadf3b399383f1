"""How small an improvement so many labels could show at all."""

from scipy import stats

from shipworthy.evaluation.interval import Numbers, Times, mean_interval
from shipworthy.evaluation.resampling import Codes

POWER = 0.8


def smallest_shown(
    differences: Numbers, times: Times, *, together: Codes | None = None, power: float = POWER, level: float = 0.95
) -> float | None:
    """Return the smallest improvement of a mean loss that would be told from nothing in `power` of all cases; None where not known.

    What decides is how far paired losses vary from block to block, not how many rows there are: half the width of their interval,
    and the normal quantile of the power beside that of the level.

    Args:
        differences: shape (n,), the loss of one minus that of the other on the same rows.
        times: when each was decided, shape (n,).
        together: the group of each row, shape (n,), where groups rather than days are independent of each other.
        power: the share of cases.
        level: of the interval.

    Source:
        Cohen (1988), section 2.4; Bloom (1995), minimum detectable effects.

    >>> import numpy as np
    >>> days = np.datetime64("2026-01-01", "us") + np.arange(200) * np.timedelta64(1, "D")
    >>> 0.1 < smallest_shown(np.random.default_rng(1).normal(size=200), days) < 0.3
    True
    """
    sure = mean_interval(differences, times, together=together, level=level)
    if sure is None:
        return None
    widened = 1 + float(stats.norm.ppf(power) / stats.norm.ppf((1 + level) / 2))
    return (sure.high - sure.low) / 2 * widened
