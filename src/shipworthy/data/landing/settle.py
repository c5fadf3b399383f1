"""Settles what several records say of one row: the same counts once; different contents are a conflict that nobody can decide.

A row is named by the contract's key, with its known time where there is one: a correction that became known later is a row of
its own. The outcome is a function of the records alone, whatever the order in which they came.

Views that are read here: `staged` (new records that keep the contract), `landed` (what is in the lake, less what its delivery no
longer delivers) and `repeats` (records that say again what a landed row says). Tables that are made: `conflicts`, `again` (new
repeats), `kept` (new rows to land), `dropped` (landed rows to take out).
"""

from dataclasses import dataclass

from shipworthy.data.landing.staging import DELIVERY, RECORD
from shipworthy.gateways.engine import Connection, quoted
from shipworthy.spec.source import SourceSpec

PLACE = f"{DELIVERY}, {RECORD}"


@dataclass(frozen=True, slots=True)
class Settled:
    """How many records each outcome has."""

    conflicts: int
    again: int
    dropped: int


def names_of(contract: SourceSpec) -> list[str]:
    """Return the columns that together name a row; none: every record is a row of its own."""
    known = [contract.known_time] if contract.key and contract.known_time and contract.known_time not in contract.key else []
    return [*contract.key, *known]


def settle(connection: Connection, contract: SourceSpec) -> Settled:
    """Make the tables `conflicts`, `again`, `dropped` and the view `kept`, and return their counts."""
    columns = [quoted(name) for name in contract.columns]
    named = ", ".join(map(quoted, names_of(contract)))
    touched = _touched(connection, named) if named else False
    if not touched:
        for table in ("conflicts", "again", "dropped"):
            connection.execute(f"create or replace temp table {table} as select *, '' as of_delivery, 0 as of_record from staged limit 0")
        connection.execute("create or replace temp view kept as select * from staged")
        return Settled(0, 0, 0)
    _occurrences(connection, columns, named)
    _sort_out(connection, ", ".join(columns), named)
    return Settled(*(_count(connection, table) for table in ("conflicts", "again", "dropped")))


def _touched(connection: Connection, named: str) -> bool:
    """Make the table `touched`: the names of rows that more than one record speaks of, one of them new."""
    connection.execute(
        f"create or replace temp table touched as select {named} from staged group by all having count(*) > 1 "
        f"union select {named} from staged semi join landed using ({named})"
    )
    return _count(connection, "touched") > 0


def _occurrences(connection: Connection, columns: list[str], named: str) -> None:
    """Make the table `said`: every record that speaks of a touched row, with `_rank` 0 for the landed one, 2 for its repeats."""
    listed, theirs = ", ".join(columns), ", ".join(f"standing.{column}" for column in columns)
    connection.execute(f"create or replace temp table standing as select * from landed semi join touched using ({named})")
    connection.execute(
        f"create or replace temp table said as select {listed}, {PLACE}, 1 as _rank from staged semi join touched using ({named}) "
        f"union all select {listed}, {PLACE}, 0 as _rank from standing "
        f"union all select {theirs}, repeats.delivery, repeats.record, 2 as _rank "
        f"from repeats join standing on repeats.of_delivery = standing.{DELIVERY} and repeats.of_record = standing.{RECORD}"
    )


def _sort_out(connection: Connection, columns: str, named: str) -> None:
    connection.execute(
        f"create or replace temp table torn as select {named} from (select distinct {columns} from said) group by all having count(*) > 1"
    )
    connection.execute(f"create or replace temp table conflicts as select * from said semi join torn using ({named})")
    connection.execute("create or replace temp table dropped as select * from conflicts where _rank = 0")
    chosen = f"partition by {named} order by _rank, {PLACE}"
    connection.execute(
        f"create or replace temp table one as select *, first_value({DELIVERY}) over ({chosen}) as of_delivery, "
        f"first_value({RECORD}) over ({chosen}) as of_record from (select * from said anti join torn using ({named})) where _rank < 2"
    )
    connection.execute(f"create or replace temp table again as select * from one where _rank = 1 and ({PLACE}) <> (of_delivery, of_record)")
    connection.execute(
        f"create or replace temp view kept as select {columns}, {PLACE} from staged anti join touched using ({named}) "
        f"union all select {columns}, {PLACE} from one where _rank = 1 and ({PLACE}) = (of_delivery, of_record)"
    )


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])
