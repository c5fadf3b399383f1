"""Whether the last period of a source is whole: far fewer rows than in periods like it are an export that was cut short."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from shipworthy.data.moments import moment
from shipworthy.gateways import lake
from shipworthy.gateways.engine import files, memory, quoted
from shipworthy.records import Verdict
from shipworthy.spec.source import SourceSpec

NAME = "last_period"
FEWEST_LIKE = 3
FEW = 0.5  # of the median of its like
LIKE = {  # of a period: SQL of what it has in common with its like, and how many of these are looked at
    "hour": ("extract(hour from period)", 14),
    "day": ("isodow(period)", 8),
    "week": ("0", 8),
    "month": ("0", 12),
}


def last_period(into: Path, contract: SourceSpec, pin: lake.Pin, as_of: datetime) -> Verdict | None:
    """Return whether the last period that is over at `as_of` is whole; None where the contract names no `period`.

    Fires when it has fewer than half the rows of the median of its like (the same weekday, the same hour; weeks and months all),
    and fewer than any of them. Unknown with fewer than three of its like. Blind to a period without any row: see freshness.
    """
    if contract.period is None:
        return None
    subject, every = f"landed.{contract.source}", contract.period.every
    counts = _counts(into, contract, pin, as_of)
    if len(counts) <= FEWEST_LIKE:
        words = f"{max(len(counts) - 1, 0)} {every}s like the last are too few to tell whether it is whole"
        return Verdict(NAME, subject, "unknown", words, "look again when there are more")
    (start, rows), *others = counts
    like = [count for _, count in others]
    usual = f"the {len(like)} {every}s like it {min(like):,} to {max(like):,}"
    words = f"the last {every}, from {start:%Y-%m-%d %H:%M}, has {rows:,} rows, {usual}"
    few = rows < FEW * median(like) and rows < min(like)
    fix = "have it delivered whole, or leave it out by a condition in the staging model"
    return Verdict(NAME, subject, "fail" if few else "pass", words, fix if few else "", {"start": str(start), "rows": rows, "like": like})


def _counts(into: Path, contract: SourceSpec, pin: lake.Pin, as_of: datetime) -> Sequence[tuple[datetime, int]]:
    """Return beginning and rows of the last period that is over, then of its like, newest first."""
    assert contract.period is not None
    every, column = contract.period.every, quoted(contract.period.column)
    alike, most = LIKE[every]
    same = f"{alike.replace('period', 'counted.period')} = {alike.replace('period', 'newest.period')}"
    begins = f"date_trunc('{every}', timezone('UTC', {column}::timestamptz))"
    known = f"{quoted(contract.known_time)} <= {moment(as_of)}" if contract.known_time else "true"
    over = f"timezone('UTC', period + interval '1 {every}') <= {moment(as_of)}"
    rows = f"select {begins} as period from {files(lake.paths(into, pin))} where {known} and {column} is not null"
    with memory() as connection:
        found = connection.execute(
            f"with counted as (select period, count(*) as n from ({rows}) group by period having {over}), "
            "newest as (select max(period) as period from counted) "
            f"select counted.period, n from counted, newest where {same} order by counted.period desc limit {most + 1}"
        ).fetchall()
    return [(row[0], int(row[1])) for row in found]
