"""How papers say numbers, spans and metrics, for people who do not read code."""

import math
from datetime import timedelta

from shipworthy.records import Interval, Promise, Window

METRICS = {
    "mae": "mean absolute error",
    "mse": "mean squared error",
    "log_loss": "log loss",
    "brier": "Brier score",
    "pinball": "pinball loss",
}


def figure(value: float | None, interval: Interval | None = None) -> str:
    """Return a number with four figures, and its interval.

    >>> figure(11.8712, Interval(11.4, 12.4)), figure(27345.0), figure(None)
    ('11.87 [11.4 to 12.4]', '27,345', 'unknown')
    """
    if value is None or math.isnan(value):
        return "unknown"
    plain = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return plain + (f" [{figure(interval.low)} to {figure(interval.high)}]" if interval else "")


def span(window: Window) -> str:
    """Return the days of `window`, the last one included."""
    last = max(window.start, window.end - timedelta(microseconds=1))
    return f"{window.start:%Y-%m-%d} to {last:%Y-%m-%d}"


def metric(name: str) -> str:
    """Return a metric in words and by its name.

    >>> metric("mae"), metric("profit")
    ('mean absolute error (mae)', 'profit')
    """
    return f"{METRICS[name]} ({name})" if name in METRICS else name


def promised(line: Promise) -> str:
    """Return a line of the ledger as a sentence."""
    rule = f"; the rule on the same rows: {figure(line.rule)}" if line.rule is not None else "; there is no rule beside it"
    apart = f", model minus rule {figure(line.difference.low)} to {figure(line.difference.high)}" if line.difference else ""
    return f"{metric(line.metric)} {figure(line.value, line.interval)} over {span(line.window)}, {line.rows:,} rows{rule}{apart}"


def listed(names: list[str], most: int = 6) -> str:
    """Return names with commas, the first `most` of them.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
