"""How a landed table stands: the version that counts, and what goes with it.

The commit of `sources/<name>` is the only one that counts. It names the versions of `landings/<name>`, `repeats/<name>` and
`quarantine/<name>` that belong to it; what a killed landing has written of those is never read.
"""

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from shipworthy.data.landing import landings as entries
from shipworthy.data.landing import quarantine
from shipworthy.data.landing.landings import Landing
from shipworthy.data.landing.parsing import SQL_TYPES
from shipworthy.data.landing.staging import DELIVERY, RECORD
from shipworthy.errors import Busy
from shipworthy.gateways import lake
from shipworthy.spec.source import SourceSpec

LANDINGS, REPEATS, QUARANTINE = BESIDE = ("landings", "repeats", "quarantine")
REPEATED = pa.schema({"delivery": pa.string(), "record": pa.int64(), "of_delivery": pa.string(), "of_record": pa.int64()})
MOST_FILES = 50
ARROW = {"varchar": pa.string(), "bigint": pa.int64(), "double": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}


@dataclass(frozen=True, slots=True)
class Standing:
    """A landed table and what goes with it; `pin` is None before anything was landed.

    Args:
        pin: the version.
        landings: what became of each delivery, by name.
        repeats: records that say again what a landed row says: `delivery`, `record`, `of_delivery`, `of_record`.
        quarantine: records that break the contract.
    """

    pin: lake.Pin | None
    landings: Mapping[str, Landing]
    repeats: pa.Table
    quarantine: pa.Table


def table_of(source: str) -> str:
    """Return the lake table of a source."""
    return f"sources/{source}"


def standing(into: Path, source: str) -> Standing:
    """Return how the landed table of `source` stands in the lake `into`."""
    table = table_of(source)
    beside = {name: lake.last_sequence(into, table, name) for name in BESIDE}
    if beside[LANDINGS] is None:  # nothing there, or landed by an earlier version of ours: landed anew
        return Standing(None, {}, REPEATED.empty_table(), quarantine.empty())
    read = {name: lake.read(into, lake.Pin(f"{name}/{source}", version)) for name, version in beside.items() if version is not None}
    return Standing(
        lake.pin(into, table),
        entries.landings(read[LANDINGS]),
        read.get(REPEATS, REPEATED.empty_table()),
        read.get(QUARANTINE, quarantine.empty()),
    )


def commit(into: Path, contract: SourceSpec, after: Standing, new: Sequence[lake.NewFile], *, replace: bool) -> lake.Pin:
    """Write what goes with the table, then the table: at that moment, and not before, all of it counts."""
    name = contract.source
    marks = {LANDINGS: lake.overwrite(into, f"{LANDINGS}/{name}", entries.table(after.landings.values()))}
    for beside, rows in ((REPEATS, after.repeats), (QUARANTINE, after.quarantine)):
        if rows.num_rows or lake.exists(into, f"{beside}/{name}"):
            marks[beside] = lake.overwrite(into, f"{beside}/{name}", rows)
    lake.commit(into, table_of(name), schema(contract), new, replace=replace, marks=marks)
    return _joined(into, table_of(name))


def _joined(into: Path, table: str) -> lake.Pin:
    """Return the newest version; where many landings have left many small files, of the same rows in larger ones."""
    if len(lake.paths(into, table)) > MOST_FILES:
        lake.compact(into, table)
    return lake.pin(into, table)


def schema(contract: SourceSpec) -> pa.Schema:
    """Return the columns of a landed table: those of the contract, then the delivery and the number of the record in it."""
    columns = {name: ARROW.get(SQL_TYPES[column.type], pa.timestamp("us", "UTC")) for name, column in contract.columns.items()}
    return pa.schema(columns | {DELIVERY: pa.string(), RECORD: pa.int64()})


@contextmanager
def alone(work: Path, source: str) -> Iterator[Path]:
    """Yield an empty folder for one landing of `source`, while no other process lands it; a killed process lets go.

    Raises:
        Busy: another process lands it.
    """
    folder = work / source
    folder.mkdir(parents=True, exist_ok=True)
    with (work / f"{source}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(where=source, what="another process lands it", fix="wait until it is done") from None
        _clear(folder)
        yield folder
        _clear(folder)


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        if file.is_file():
            file.unlink()
