"""Brings together what was read and what is landed: views for settling, the bound on quarantine, the file that is added."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from shipworthy.data.landing import quarantine
from shipworthy.data.landing.due import Due
from shipworthy.data.landing.parsing import SQL_TYPES
from shipworthy.data.landing.read import Read
from shipworthy.data.landing.settle import PLACE, settle
from shipworthy.data.landing.staging import BREACHES, DELIVERY, RECORD, landed_text
from shipworthy.data.landing.standing import REPEATED, Standing, schema
from shipworthy.errors import BadData
from shipworthy.gateways import lake
from shipworthy.gateways.engine import Connection, files, literal, quoted
from shipworthy.spec.source import SourceSpec

REASONS_SHOWN = 3
FEWEST_OF_A_STREAM = 100
"""A stream hands over what there is: of fewer records than these as many may break the contract as of these, or one would stop it."""

POINTED = f"repeats_alive.of_delivery = withdrawn.{DELIVERY} and repeats_alive.of_record = withdrawn.{RECORD}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the records.

    Args:
        opened: those that are in quarantine now.
        good: those of the quarantine that keep the contract.
        tried: those of the quarantine that were tried by themselves.
        repeats: those that say again what a landed row says.
        landed: how many of each delivery that was read are rows now.
        repeated: how many of each say again what others say.
        quarantined: how many of each are in quarantine.
    """

    opened: pa.Table
    good: frozenset[quarantine.Place]
    tried: frozenset[quarantine.Place]
    repeats: pa.Table
    landed: Mapping[str, int]
    repeated: Mapping[str, int]
    quarantined: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """The files to add, and whether they are the whole table, or what is added to it."""

    files: tuple[lake.NewFile, ...]
    whole: bool


def views(connection: Connection, into: Path, contract: SourceSpec, before: Standing, todo: Due, staged: Read) -> None:
    """Make the views `staged`, `broken`, `landed`, `withdrawn` and `repeats` of what was read and what stands."""
    columns = ", ".join(map(quoted, contract.columns))
    connection.register("reread", pa.table({DELIVERY: pa.array(sorted(todo.contents), pa.string())}))
    connection.register("tried", todo.tried.select([DELIVERY, RECORD]))
    _landed(connection, into, contract, before)
    connection.execute(f"create temp view landed as select * from landed_before anti join reread using ({DELIVERY})")
    connection.execute(f"create temp view withdrawn as select * from landed_before semi join reread using ({DELIVERY})")
    connection.register("repeats_before", before.repeats)
    connection.execute(
        f"create temp view repeats_alive as select * from repeats_before where delivery not in (select {DELIVERY} from reread)"
    )
    connection.execute(f"create temp view repeats as select * from repeats_alive anti join withdrawn on {POINTED}")
    theirs = ", ".join(f"withdrawn.{quoted(name)}" for name in contract.columns)
    said_again = f"select {theirs}, repeats_alive.delivery, repeats_alive.record from repeats_alive join withdrawn on {POINTED}"
    connection.execute(f"create temp table heirs as {said_again}")
    read = [f"select * from {files(list(map(str, staged.files)))} anti join tried using ({PLACE})"] if staged.files else []
    read += [f"select * from {files(list(map(str, staged.tried)))}"] if staged.tried else []
    connection.execute(f"create temp view read as {' union all '.join(read) or _nothing(contract)}")
    connection.execute(
        f"create temp view staged as select {columns}, {PLACE} from read where {BREACHES} is null union all select * from heirs"
    )
    connection.execute(f"create temp view broken as select * from read where {BREACHES} is not null")


def _nothing(contract: SourceSpec) -> str:
    columns = ", ".join(f"null::{SQL_TYPES[column.type]} as {quoted(name)}" for name, column in contract.columns.items())
    breaches = 'null::struct("column" varchar, kind varchar, reason varchar)[]'
    return f"select {columns}, '' as {DELIVERY}, 0::bigint as {RECORD}, {breaches} as {BREACHES}, '' as _text limit 0"


def _landed(connection: Connection, into: Path, contract: SourceSpec, before: Standing) -> None:
    """Make the view `landed_before`: the landed rows, as the columns of the contract are now."""
    paths = lake.paths(into, before.pin) if before.pin else []
    if not paths:
        empty = f"select * exclude ({BREACHES}, _text) from ({_nothing(contract)})"
        connection.execute(f"create temp view landed_before as {empty}")
        return
    kept = files(paths)
    types = {row[0]: row[1] for row in connection.execute(f"describe select * from {kept}").fetchall()}
    casts = {
        name: f"try_cast({quoted(name)} as {SQL_TYPES[column.type]})" if name in types else f"null::{SQL_TYPES[column.type]}"
        for name, column in contract.columns.items()
    }
    _require_castable(connection, contract, f"{kept} anti join reread using ({DELIVERY})", casts)
    columns = ", ".join(f"{cast} as {quoted(name)}" for name, cast in casts.items())
    connection.execute(f"create temp view landed_before as select {columns}, {PLACE} from {kept}")


def _require_castable(connection: Connection, contract: SourceSpec, rows: str, casts: Mapping[str, str]) -> None:
    """Do nothing if the rows of deliveries that are not read again fit the contract as it is now.

    Raises:
        BadData: they do not, and their deliveries have gone.
    """
    there = {row[0] for row in connection.execute(f"describe select * from {rows}").fetchall()}
    for name, cast in casts.items():
        lost = f"{quoted(name)} is not null and {cast} is null" if name in there else "false"
        empty = f"{cast} is null" if contract.needs(name) else "false"
        found = connection.execute(f"select count(*), min({DELIVERY}) from {rows} where ({lost}) or ({empty})").fetchall()[0]
        if found[0]:
            what = f"{found[0]:,} landed rows do not fit the contract as it is now, and {found[1]} has gone: it cannot be read again"
            raise BadData(where=f"{contract.source}.{name}", what=what, fix="put the delivery back, or the contract as it was")


def settled(connection: Connection, contract: SourceSpec, todo: Due) -> Outcome:
    """Settle the records, and say what became of each."""
    settle(connection, contract)
    opened = quarantine.opened(connection, contract, landed_text(contract))
    connection.register("in_quarantine", todo.quarantine.select(["delivery", "record"]))
    good = connection.execute(
        f"select {PLACE} from staged semi join in_quarantine on {DELIVERY} = delivery and {RECORD} = record "
        f"except select {PLACE} from conflicts"
    ).fetchall()
    repeats: pa.Table = connection.execute(
        "select delivery, record, of_delivery, of_record from repeats "
        f"anti join dropped on repeats.of_delivery = dropped.{DELIVERY} and repeats.of_record = dropped.{RECORD} "
        f"union all select {PLACE}, of_delivery, of_record from again"
    ).to_arrow_table()
    return Outcome(
        opened,
        frozenset((row[0], row[1]) for row in good),
        frozenset((row["_delivery"], row["_record"]) for row in todo.tried.select([DELIVERY, RECORD]).to_pylist()),
        repeats.cast(REPEATED),
        _by_delivery(connection, "kept"),
        _by_delivery(connection, "again"),
        Counter(name for name in opened["delivery"].to_pylist() if name in todo.contents),
    )


def _by_delivery(connection: Connection, table: str) -> dict[str, int]:
    found = connection.execute(f"select {DELIVERY}, count(*) from {table} group by {DELIVERY}").fetchall()
    return {name: int(count) for name, count in found}


def require_few(contract: SourceSpec, staged: Read, outcome: Outcome) -> None:
    """Do nothing if no more of the new records are in quarantine than the contract bears.

    Raises:
        BadData: they are: which columns, how many, and one of each.
    """
    records = sum(entry.records for entry in staged.entries.values())
    judged = max(records, FEWEST_OF_A_STREAM) if contract.stream else records
    broken = sum(outcome.quarantined.values())
    if not records or broken / judged <= contract.quarantine_at_most:
        return
    new = [row for row in outcome.opened.to_pylist() if row["delivery"] in staged.entries]
    kinds = Counter((row["column"], row["kind"]) for row in new)
    first = {(row["column"], row["kind"]): row for row in reversed(new)}
    shown = "; ".join(_shown(first[kind], count) for kind, count in kinds.most_common(REASONS_SHOWN))
    more = f"; and {len(kinds) - REASONS_SHOWN} more kinds" if len(kinds) > REASONS_SHOWN else ""
    what = (
        f"{broken:,} of {records:,} new records ({broken / records:.1%}) break the contract, at most {contract.quarantine_at_most:.1%} "
        f"may: {shown}{more}"
    )
    fix = "mend the export or the contract, or raise 'quarantine_at_most'; nothing of it is landed, the last landed version stays"
    raise BadData(where=f"sources/{contract.source}.yml", what=what, fix=fix)


def _shown(row: quarantine.Row, count: int) -> str:
    return f"{count:,} by {row['column'] or 'the record'}, for example {row['reason']} ({row['delivery']}, record {row['record']})"


def kept(connection: Connection, into: Path, contract: SourceSpec, work: Path, before: Standing) -> Kept:
    """Write the rows to add into a file in `work`; the whole table where landed rows go or change."""
    gone = connection.execute("select (select count(*) from withdrawn) + (select count(*) from dropped)").fetchall()[0][0]
    whole = bool(gone) or before.pin is None or lake.schema_of(into, before.pin) != schema(contract)
    columns = ", ".join(map(quoted, contract.columns))
    added = f"select {columns}, {PLACE} from kept"
    if whole:
        added += f" union all select {columns}, {PLACE} from landed anti join dropped using ({PLACE})"
    file = work / "rows.parquet"
    connection.execute(f"copy ({added}) to {literal(str(file))} (format parquet, compression zstd)")
    rows = connection.execute(f"select count(*) from read_parquet({literal(str(file))})").fetchall()[0][0]
    return Kept((lake.NewFile(file, rows),) if rows or whole else (), whole)
