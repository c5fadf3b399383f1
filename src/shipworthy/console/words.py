"""How a page says a number, a time, a span; what is not known is said to be unknown."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from shipworthy.flows.papers.base.figures import METRICS
from shipworthy.records import Interval, Window
from shipworthy.registry import words

UNKNOWN = "unknown"
STEPS = ((timedelta(days=60), timedelta(days=30), "month"), (timedelta(days=2), timedelta(days=1), "day"),
         (timedelta(hours=2), timedelta(hours=1), "hour"), (timedelta(minutes=2), timedelta(minutes=1), "minute"))  # fmt: skip


def number(value: float | None, beside: float | None = None) -> str:
    """Return `value` with three figures or so, or with as many places as `beside` gets; null and NaN are unknown.

    >>> number(11.872), number(1.5), number(0.0421), number(27345.0), number(-1.4, beside=11.872), number(None)
    ('11.9', '1.50', '0.042', '27,345', '−1.4', 'unknown')
    """
    if value is None or math.isnan(value):
        return UNKNOWN
    size = abs(value if beside is None else beside)
    places = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{places}f}".replace("-", "−")


def count(value: int | None) -> str:
    """Return `value` with its thousands apart.

    >>> count(27345), count(None)
    ('27,345', 'unknown')
    """
    return UNKNOWN if value is None else f"{value:,}"


def between(interval: Interval | None, beside: float | None = None) -> str:
    """Return the ends of `interval`, with as many places as `beside` gets; nothing where there is none.

    >>> between(Interval(11.5, 12.3)), between(None)
    ('[11.5 to 12.3]', '')
    """
    return "" if interval is None else f"[{number(interval.low, beside)} to {number(interval.high, beside)}]"


def day(moment: datetime | None) -> str:
    """Return the date of `moment`.

    >>> day(datetime(2013, 5, 1)), day(None)
    ('1 May 2013', 'unknown')
    """
    return UNKNOWN if moment is None else f"{moment.day} {moment:%b %Y}"


def moment(at: datetime | None) -> str:
    """Return `at` to the minute, in UTC.

    >>> moment(datetime(2013, 5, 1, 6, 30))
    '1 May 2013, 06:30'
    """
    return UNKNOWN if at is None else f"{day(at)}, {at:%H:%M}"


def span(window: Window) -> str:
    """Return the days of `window`, both included.

    >>> span(Window(datetime(2013, 7, 1), datetime(2013, 7, 8)))
    '1 to 7 Jul 2013'
    >>> span(Window(datetime(2013, 7, 29), datetime(2013, 8, 5)))
    '29 Jul to 4 Aug 2013'
    """
    first, last = window.start, max(window.start, window.end - timedelta(microseconds=1))
    if first.date() == last.date():
        return day(first)
    opening = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%b}"
    return f"{opening} to {day(last)}" if first.year == last.year else f"{day(first)} to {day(last)}"


def ago(at: datetime | None, now: datetime) -> str:
    """Return how long before `now` it was.

    >>> ago(datetime(2013, 5, 1), datetime(2013, 5, 4)), ago(datetime(2013, 5, 1), datetime(2013, 5, 1))
    ('3 days ago', 'just now')
    """
    if at is None:
        return UNKNOWN
    past = now - at
    for least, unit, name in STEPS:
        if abs(past) >= least:
            return f"{abs(past) // unit} {name}s ago" if past > timedelta(0) else f"in {abs(past) // unit} {name}s"
    return "just now"


def lasted(start: datetime, end: datetime | None) -> str:
    """Return how long it took; unknown while it runs.

    >>> lasted(datetime(2013, 5, 1), datetime(2013, 5, 1, 0, 1, 5)), lasted(datetime(2013, 5, 1), None)
    ('65 s', 'unknown')
    """
    if end is None:
        return UNKNOWN
    seconds = (end - start).total_seconds()
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def largest(rows: Sequence[Sequence[object]]) -> list[float | None]:
    """Return, for each column of `rows`, the largest number with a fraction, without its sign; None where there is none.

    >>> largest([("shop", 3.5621, 7), ("items", -0.0217, None)])
    [None, 3.5621, None]
    """
    found = [[abs(one) for one in column if isinstance(one, float) and math.isfinite(one)] for column in zip(*rows, strict=True)]
    return [max(sizes) if sizes else None for sizes in found]


def raw(value: object) -> str:
    """Return a value of a row of data: null is empty, a moment is told to the minute, a fraction with four figures; others as they are.

    >>> raw(None), raw(2013), raw(35.6541935483871), raw(datetime(2026, 4, 28, 14, 35, 5, 374712))
    ('', '2013', '35.65', '2026-04-28 14:35')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return (f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}") if isinstance(value, float) else str(value)


def cell(value: object, beside: float | None = None) -> str:
    """Return a value of a table of figures; what is not known is said to be.

    A number has four figures at most; where `beside`, the largest number of its column, is given, it has the places that three
    figures of that take, and more where they would not show two figures of its own.

    >>> cell({"rows": 2, "share": [0.5, None]})
    'rows: 2, share: 0.5, unknown'
    >>> cell(None), cell(0.12345678), cell(27345), cell(float("nan")), cell(True), cell("linear")
    ('unknown', '0.1235', '27,345', 'unknown', 'yes', 'linear')
    >>> [cell(one, 3.5621) for one in (3.5621, -0.0217, 0.0)], cell(0.7962, 1733.2), cell(1733.2, 1733.2)
    (['3.56', '−0.022', '0.00'], '0.80', '1,733')
    """
    if beside is None or not isinstance(value, float) or not math.isfinite(value):
        return words.cell(value, unknown=UNKNOWN, minus="−")
    return f"{value:,.{_places(value, beside)}f}".replace("-", "−")


def _places(value: float, beside: float) -> int:
    """Return how many places `value` gets; of what is far smaller than `beside` two more than that one has, at most."""
    first, own = ((math.floor(math.log10(abs(one))) if one and math.isfinite(one) else 0) for one in (beside, value))
    usual = max(0, 2 - first)
    return min(max(usual, 1 - own), usual + 2) if value else usual


def with_unit(value: float | None, unit: str | None) -> str:
    """Return `value` and its unit.

    >>> with_unit(11.9, "minutes"), with_unit(None, "minutes"), with_unit(0.4, None)
    ('11.9 minutes', 'unknown', '0.400')
    """
    return f"{number(value)} {unit}" if unit and value is not None else number(value)


def metric(name: str | None) -> str:
    """Return the metric `name` in words.

    >>> metric("mae"), metric(None)
    ('mean absolute error', 'unknown')
    """
    return UNKNOWN if name is None else METRICS.get(name, name)
