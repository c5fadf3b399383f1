"""Figures in sentences that anyone can read: how far off, over what, better by how much."""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta

from shipworthy.records import Interval, Window

NOUNS = {"mse": "mean squared error", "log_loss": "log loss", "brier": "Brier score", "pinball": "pinball loss"}
MOST_PLACES = 6


def known(*numbers: float | None) -> bool:
    """Return whether each of `numbers` is there and is a number.

    >>> known(1.0, 2), known(1.0, None), known(math.nan)
    (True, False, False)
    """
    return all(number is not None and math.isfinite(number) for number in numbers)


def places(difference: float) -> int:
    """Return how many decimals show two figures of `difference`.

    >>> places(1.4), places(-0.023), places(140), places(0)
    (1, 3, 0, 1)
    """
    if not difference:
        return 1
    return min(MOST_PLACES, max(0, 1 - math.floor(math.log10(abs(difference)))))


def span(window: Window) -> str:
    """Return the length of `window` in whole days, or in hours where it is shorter than two days."""
    days = (window.end - window.start) / timedelta(days=1)
    return f"{days:,.0f} days" if days >= 2 else f"{days * 24:,.0f} hours"


def two_losses(metric: str, unit: str, ours: float, other: str, theirs: float) -> str:
    """Return both losses in one clause, with the decimals that their difference needs.

    >>> two_losses("mae", "minutes", 22.71, "the rule", 21.33)
    'the model is off by 22.7 minutes on average, the rule by 21.3'
    >>> two_losses("brier", "", 0.1012, "version 3", 0.1)
    'the model has a Brier score of 0.1012, version 3 one of 0.1000'
    """
    shown = places(ours - theirs)
    if metric == "mae":
        spaced = f" {unit}" if unit else ""
        return f"the model is off by {ours:,.{shown}f}{spaced} on average, {other} by {theirs:,.{shown}f}"
    return f"the model has a {NOUNS.get(metric, metric)} of {ours:,.{shown}f}, {other} one of {theirs:,.{shown}f}"


def better_by(mean: float, difference: Interval, other: str) -> str:
    """Return which of both is better, by how much, and between what; `mean` is the model's loss minus the other's.

    >>> better_by(1.38, Interval(0.9, 1.84), "the rule")
    'the rule is better by 1.4 [0.9 to 1.8]'
    >>> better_by(-0.3, Interval(-0.9, 0.3), "the rule")
    'the model is better by 0.30 [-0.30 to 0.90]'
    """
    shown = places(mean)
    low, high = (difference.low, difference.high) if mean > 0 else (-difference.high, -difference.low)
    winner = other if mean > 0 else "the model"
    return f"{winner} is better by {abs(mean):,.{shown}f} [{_zero(low, shown)} to {_zero(high, shown)}]"


def _zero(number: float, shown: int) -> str:
    return f"{round(number, shown) + 0.0:,.{shown}f}"  # no minus before a zero


def cell(value: object, *, unknown: str = "", minus: str = "-") -> str:
    """Return a value of a table of figures as people read it; null, NaN and infinite are `unknown`, a number has four figures at most.

    >>> cell(None, unknown="?"), cell(0.12345678), cell(27345), cell(math.nan), cell(True), cell("linear"), cell(-1.5, minus="−")
    ('?', '0.1235', '27,345', '', 'yes', 'linear', '−1.5')
    >>> cell({"rows": 2, "share": [0.5, None]}, unknown="unknown")
    'rows: 2, share: 0.5, unknown'
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return unknown
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {cell(one, unknown=unknown, minus=minus)}" for name, one in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(cell(one, unknown=unknown, minus=minus) for one in value) or "none"
    if isinstance(value, int | float):
        return (f"{value:,.4g}" if isinstance(value, float) else f"{value:,}").replace("-", minus)
    return str(value)


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return the first names and how many more there are.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
