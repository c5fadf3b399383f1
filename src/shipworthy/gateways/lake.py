"""The lake: Delta tables, the only way for data between processes.

One writing role per table; appends are free for all. Readers take the file list of one version,
so that a version is a dataset version. A table is named by its path below the lake's folder:
`published/flights`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.dataset as arrow
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from shipworthy.errors import BadData, Busy, UnknownName
from shipworthy.gateways.engine import Connection, files, quoted

CONTENT = "shipworthy.content"
MOST_TRIES = 5
KEPT = {"delta.logRetentionDuration": "interval 3650 days", "delta.deletedFileRetentionDuration": "interval 3650 days"}


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of one table: what a run read."""

    table: str
    version: int


def exists(lake: Path, table: str) -> bool:
    """Return whether `table` has been written."""
    return DeltaTable.is_deltatable(str(lake / table))


def tables(lake: Path, under: str = "") -> list[str]:
    """Return the names of all tables, sorted; those below the folder `under` if given."""
    found = [log.parent for log in (lake / under).rglob("_delta_log")] if (lake / under).is_dir() else []
    return sorted(str(path.relative_to(lake)) for path in found)


def whole(lake: Path, at: Pin) -> bool:
    """Return whether a pinned version is there with every one of its files: what was vacuumed, or taken away by hand, is not."""
    try:
        return all(Path(file).is_file() for file in DeltaTable(str(lake / at.table), version=at.version).file_uris())
    except DeltaError:
        return False


def pin(lake: Path, table: str, version: int | None = None) -> Pin:
    """Return a pin on `version` of `table`; on its newest if None.

    Raises:
        UnknownName: no such table.
    """
    return Pin(table, _open(lake, table, version).version())


def append(lake: Path, table: str, rows: pa.Table, *, writer: str | None = None, sequence: int | None = None) -> int:
    """Append `rows` and return the new version.

    With `writer` and `sequence` the append happens once: a repeat with a sequence that is not above
    the last of that writer writes nothing. An empty `rows` makes the table where there was none.
    """
    if writer is None or sequence is None:
        _write(lake, table, rows, "append", CommitProperties())
    else:
        _append_once(lake, table, rows, Transaction(app_id=writer, version=sequence))
    return pin(lake, table).version


def _append_once(lake: Path, table: str, rows: pa.Table, once: Transaction) -> None:
    """Append `rows` on top of the version that was looked at: a write of the same writer since then refuses ours."""
    if not exists(lake, table):
        DeltaTable.create(str(lake / table), Schema.from_arrow(rows.schema), mode="ignore", configuration=KEPT)
    for _ in range(MOST_TRIES):
        seen = _open(lake, table, None)
        last = seen.transaction_version(once.app_id)
        if last is not None and once.version <= last:
            return
        try:
            _write(lake, table, rows, "append", CommitProperties(app_transactions=[once]), onto=seen)
        except CommitFailedError:
            continue  # look again at what the other process wrote
        return
    raise Busy(where=table, what=f"'{once.app_id}' writes to it in other processes too", fix="let one process at a time write")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A Parquet file that is to become part of a table, and how many rows it has."""

    path: Path
    rows: int


def commit(lake: Path, table: str, schema: pa.Schema, new: Sequence[NewFile], *, replace: bool, marks: Mapping[str, int]) -> int:
    """Move `new` into `table` and make them part of it at once, and return the version: all of it is there, or nothing.

    With `replace` they take the place of all that was there. `marks` are numbers that this version goes with, by name:
    `last_sequence` tells them. `new` lies on the same disk as the lake.
    """
    properties = CommitProperties(app_transactions=[Transaction(app_id=name, version=number) for name, number in marks.items()])
    there = DeltaTable(str(lake / table)) if exists(lake, table) else None
    (lake / table).mkdir(parents=True, exist_ok=True)
    added = [_added(file, lake / table) for file in new]
    kind = Schema.from_arrow(schema)
    if there is None:
        create_table_with_add_actions(str(lake / table), kind, added, configuration=KEPT, commit_properties=properties)
    else:
        there.create_write_transaction(list(added), "overwrite" if replace else "append", kind, commit_properties=properties)
    return pin(lake, table).version


def _added(file: NewFile, folder: Path) -> AddAction:
    name = f"{file.path.stem}-{uuid4().hex}.parquet"
    file.path.rename(folder / name)
    about = (folder / name).stat()
    return AddAction(name, about.st_size, {}, int(about.st_mtime * 1000), True, json.dumps({"numRecords": file.rows}))


def last_sequence(lake: Path, table: str, writer: str) -> int | None:
    """Return the last sequence that `writer` appended to `table`, or the number it was committed with; None if there is none."""
    return DeltaTable(str(lake / table)).transaction_version(writer) if exists(lake, table) else None


def overwrite(lake: Path, table: str, rows: pa.Table, *, content: str | None = None) -> int:
    """Replace all rows and return the version; `content` is a hash: the same content writes nothing."""
    if content is not None and content_of(lake, table) == content:
        return pin(lake, table).version
    _write(lake, table, rows, "overwrite", CommitProperties(custom_metadata={CONTENT: content} if content else None))
    return pin(lake, table).version


def create(lake: Path, table: str, rows: pa.RecordBatchReader) -> None:
    """Write `rows`, batch by batch, as a table that is never written again.

    Raises:
        BadData: the table is there already.
    """
    if exists(lake, table):
        raise BadData(where=table, what="is there already, and is never written twice", fix="read it, or write under another name")
    write_deltalake(str(lake / table), rows, mode="error", configuration=KEPT)


def content_of(lake: Path, table: str) -> str | None:
    """Return the content hash that the newest version of `table` was written with, None if none."""
    if not exists(lake, table):
        return None
    newest = DeltaTable(str(lake / table)).history(1)
    return newest[0].get(CONTENT) if newest else None


def read(lake: Path, at: Pin | str, *, columns: list[str] | None = None) -> pa.Table:
    """Return the rows of a pin, or of the newest version of a table; times in UTC."""
    return _rows(_table(lake, at), columns)


def _rows(table: DeltaTable, columns: list[str] | None = None) -> pa.Table:
    """Read the files by Arrow itself: read by delta-rs, a process now and then aborts when it ends (its issue 2184)."""
    schema = pa.schema(table.schema().to_arrow())
    kept = table.file_uris()
    found = arrow.dataset(kept, schema=schema, format="parquet") if kept else arrow.dataset(schema.empty_table())
    rows: pa.Table = found.to_table(columns=columns)
    return rows


def attach(connection: Connection, lake: Path, name: str, at: Pin | str) -> None:
    """Make a pin, or the newest version of a table, visible to `connection` as the view `name`."""
    table = _table(lake, at)
    paths = table.file_uris()
    if paths:
        connection.execute(f"create or replace temp view {quoted(name)} as select * from {files(paths)}")
    else:
        connection.register(name, _rows(table))


def paths(lake: Path, at: Pin | str) -> list[str]:
    """Return the Parquet files of a pin, or of the newest version of a table."""
    return list(_table(lake, at).file_uris())


def schema_of(lake: Path, at: Pin | str) -> pa.Schema:
    """Return the columns of a pin, or of the newest version of a table, and their types."""
    return pa.schema(_table(lake, at).schema().to_arrow())


def written_at(lake: Path, table: str) -> datetime:
    """Return when `table` was last written, by its own log."""
    newest = DeltaTable(str(lake / table)).history(1)[0]
    return datetime.fromtimestamp(newest["timestamp"] / 1000).astimezone()


def compact(lake: Path, table: str) -> None:
    """Join small files into larger ones; old versions stay readable."""
    _open(lake, table, None).optimize.compact()


def _table(lake: Path, at: Pin | str) -> DeltaTable:
    return _open(lake, at.table, at.version) if isinstance(at, Pin) else _open(lake, at, None)


def _open(lake: Path, table: str, version: int | None) -> DeltaTable:
    try:
        return DeltaTable(str(lake / table), version=version)
    except TableNotFoundError:
        raise UnknownName.of("lake table", table, known=tables(lake), where=str(lake)) from None


def _write(lake: Path, table: str, rows: pa.Table, mode: str, properties: CommitProperties, *, onto: DeltaTable | None = None) -> None:
    nameless = [field.name for field in rows.schema if pa.types.is_null(field.type)]
    if nameless:
        raise BadData(
            where=table, what=f"column '{nameless[0]}' has no type: all its values are null", fix="cast it to the type it should have"
        )
    write_deltalake(
        onto or str(lake / table),
        rows,
        mode=mode,
        schema_mode=_schema_mode(lake, table, mode),  # type: ignore[call-overload]
        configuration=_kept(lake, table),
        commit_properties=properties,
    )


def _schema_mode(lake: Path, table: str, mode: str) -> str | None:
    if not exists(lake, table):
        return None
    return "overwrite" if mode == "overwrite" else "merge"


def _kept(lake: Path, table: str) -> Mapping[str, str] | None:
    return None if exists(lake, table) else KEPT
