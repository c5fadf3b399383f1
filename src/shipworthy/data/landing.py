"""Lands a file as its contract says, into the lake; what breaks the contract is refused with the rows that do.

A refusal leaves the last landed version as it was. The same file under the same contract is not read twice.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from shipworthy.errors import BadData, UnknownName
from shipworthy.gateways import lake
from shipworthy.gateways.engine import Connection, literal, memory, quoted
from shipworthy.spec.source import SourceColumn, SourceSpec

SQL_TYPES: Mapping[str, str] = {
    "text": "varchar",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}
WIDER: Mapping[str, str] = {"integer": "double", "date": "timestamp"}
"""Types that a cast would round to: a value that is another one in the wider type is not of the narrow one."""

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of landing one source: the pin, and whether anything was new."""

    pin: lake.Pin
    rows: int
    new: bool


def land(root: Path, into: Path, contract: SourceSpec) -> Landed:
    """Land the files of `contract` (paths from `root`) into the lake `into` as `sources/<name>`.

    Raises:
        BadData: no file, a column gone, a value that is not of its type, a missing value, a repeated key.
    """
    table = f"sources/{contract.source}"
    files = sorted(path for path in root.glob(contract.path or "nowhere") if path.is_file())
    if not files:
        raise BadData(where=f"sources/{contract.source}.yml", what=f"no file at {contract.path}", fix="put the file there, or mend 'path'")
    content = _fingerprint(files, contract)
    if lake.content_of(into, table) == content:
        return Landed(lake.pin(into, table), lake.read(into, table, columns=[next(iter(contract.columns))]).num_rows, new=False)
    rows = _rows(files, contract)
    return Landed(lake.Pin(table, lake.overwrite(into, table, rows, content=content)), rows.num_rows, new=True)


def _fingerprint(files: list[Path], contract: SourceSpec) -> str:
    digest = hashlib.sha256(contract.model_dump_json().encode())
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _rows(files: list[Path], contract: SourceSpec) -> pa.Table:
    with memory() as connection:
        connection.execute(f"create temp view raw as select * from {_reader(files, contract)}")
        _require_columns(connection, files, contract)
        for breach in _breaches(connection, contract):
            raise breach
        columns = ", ".join(f"{_cast(name, column)} as {quoted(name)}" for name, column in contract.columns.items())
        rows: pa.Table = connection.execute(f"select {columns} from raw").to_arrow_table()
    if rows.num_rows == 0:
        raise BadData(
            where=f"sources/{contract.source}.yml",
            what=f"'{contract.source}' has no rows",
            fix="look at the export; the last landed version stays",
        )
    return rows


def _reader(files: list[Path], contract: SourceSpec) -> str:
    listed = ", ".join(literal(str(file)) for file in files)
    if files[0].suffix == ".parquet":
        return f"read_parquet([{listed}], union_by_name=true)"
    nulls = ", ".join(literal(text) for text in contract.null_text)
    return f"read_csv([{listed}], header=true, all_varchar=true, union_by_name=true, nullstr=[{nulls}])"


def _require_columns(connection: Connection, files: list[Path], contract: SourceSpec) -> None:
    found = [row[0] for row in connection.execute("describe raw").fetchall()]
    for name in contract.columns:
        if name not in found:
            raise UnknownName.of("column", name, known=found, where=f"{files[0].name} (sources/{contract.source}.yml)")


def _cast(name: str, column: SourceColumn) -> str:
    return f"try_cast({quoted(name)} as {SQL_TYPES[column.type]})"


def _unread(name: str, column: SourceColumn) -> str:
    """Return the condition of a value that is not of its type: nothing comes of it, or something else than was written."""
    cast, wider = _cast(name, column), WIDER.get(column.type)
    rounded = f" or try_cast({quoted(name)} as {wider}) is distinct from {cast}::{wider}" if wider else ""
    return f"{quoted(name)} is not null and ({cast} is null{rounded})"


def _breaches(connection: Connection, contract: SourceSpec) -> Iterator[BadData]:
    for name, column in contract.columns.items():
        words = f"is not {_article(column.type)}"
        yield from _breach(connection, contract, name, _unread(name, column), words, "mend the export, or the column's type")
        if column.required:
            yield from _breach(connection, contract, name, f"{quoted(name)} is null", "is missing", "mend the export, or drop 'required'")
    yield from _repeated_key(connection, contract)


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "integer" else f"a {kind}"


def _breach(connection: Connection, contract: SourceSpec, name: str, condition: str, words: str, fix: str) -> Iterator[BadData]:
    count, total = connection.execute(f"select count(*) filter (where {condition}), count(*) from raw").fetchall()[0]
    if count:
        key = ", ".join(quoted(column) for column in contract.key or [name])
        rows = connection.execute(f"select {key}, {quoted(name)} from raw where {condition} limit {EXAMPLES}").fetchall()
        shown = "; ".join(f"{', '.join(str(part) for part in row[:-1])}: {row[-1]!r}" for row in rows)
        what = f"{count:,} of {total:,} values {words}, for example {shown}"
        yield BadData(where=f"{contract.source}.{name}", what=what, fix=f"{fix}; the last landed version stays")


def _repeated_key(connection: Connection, contract: SourceSpec) -> Iterator[BadData]:
    if not contract.key:
        return
    key = ", ".join(quoted(column) for column in contract.key)
    grouped = f"select {key}, count(*) as n from raw group by all having count(*) > 1"
    repeated = connection.execute(f"select count(*) from ({grouped})").fetchall()[0][0]
    if repeated:
        row = connection.execute(f"{grouped} order by n desc, {key} limit 1").fetchall()[0]
        shown = ", ".join(f"{name}={value}" for name, value in zip(contract.key, row, strict=False))
        what = f"{repeated:,} keys come more than once, for example {shown} in {row[-1]} rows"
        yield BadData(
            where=f"sources/{contract.source}.yml", what=what, fix="mend the export, or name the true key; the last landed version stays"
        )
