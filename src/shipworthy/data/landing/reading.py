"""Opens a delivery: an SQL relation with its records, numbered from 1, each column of the contract as it is written there."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from shipworthy.data.landing.deliveries import Delivery
from shipworthy.errors import BadData, UnknownName
from shipworthy.gateways import excel
from shipworthy.gateways.engine import Connection, literal, quoted
from shipworthy.spec.source import SourceSpec

NEVER, NOR = "\x01", "\x02"  # what no file holds: so that an empty text stays one, and a line stays whole
LONGEST_LINE = 64 * 1024 * 1024
LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A delivery that can be asked.

    Args:
        relation: SQL of a relation with `_record` and `r0`, `r1`, ..., one for each column of the contract.
        kinds: the SQL type of each.
        more: the columns that the contract does not have.
        lines: whether the relation has the whole record too, as the text `_line`.
    """

    relation: str
    kinds: tuple[str, ...]
    more: tuple[str, ...]
    lines: bool = False


def opened(connection: Connection, delivery: Delivery, file: Path, contract: SourceSpec, work: Path) -> Opened:
    """Open `file`, which holds `delivery`; what has to be put into another shape for that is put into the folder `work`.

    Raises:
        UnknownName: a column of the contract is not there.
        BadData: it has another shape than the contract says.
    """
    if delivery.kind == "csv":
        return _csv(delivery, file, contract)
    if delivery.kind == "json":
        return _json(connection, delivery, file, contract)
    if delivery.kind == "excel":
        file = _as_parquet(file, contract, work / "sheet.parquet")
    return _parquet(connection, delivery, file, contract)


def _csv(delivery: Delivery, file: Path, contract: SourceSpec) -> Opened:
    names = _head(delivery, file, contract)
    _require(names, delivery, contract)
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in names)
    read = (
        f"read_csv({literal(str(file))}, auto_detect=false, header=true, delim={literal(delivery.delimiter)}, quote='\"', escape='\"', "
        f"encoding={literal(contract.encoding)}, nullstr={literal(NEVER)}, strict_mode=true, columns={{{columns}}})"
    )
    kinds = ("VARCHAR",) * len(contract.columns)
    return Opened(f"(select row_number() over () as _record, {_raw(contract)} from {read})", kinds, _more(names, contract))


def _head(delivery: Delivery, file: Path, contract: SourceSpec) -> list[str]:
    """Return the names in the first line; no other line is looked at, so nothing is guessed from them."""
    with _text(file, contract.encoding) as stream:
        try:
            names = next(csv.reader(stream, delimiter=delivery.delimiter), [])
        except (csv.Error, UnicodeError) as error:
            raise BadData(
                where=delivery.name, what=f"its first line cannot be read: {error}", fix="mend 'encoding' or the export"
            ) from None
    if len(names) == 1 and len(contract.columns) > 1:
        what = f"its first line has 1 column with the delimiter '{delivery.delimiter}', and the contract has {len(contract.columns)}"
        raise BadData(where=delivery.name, what=what, fix="write the 'delimiter' that the file has")
    return names


def _text(file: Path, encoding: str) -> TextIO:
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    return gzip.open(file, "rt", encoding=encoding, newline="") if file.suffix == ".gz" else file.open(encoding=encoding, newline="")


def _require(names: Sequence[str], delivery: Delivery, contract: SourceSpec) -> None:
    """Do nothing if every column of the contract is there, and each name once.

    Raises:
        UnknownName, BadData: they are not.
    """
    for name in contract.columns:
        if name not in names:
            raise UnknownName.of("column", name, known=names, where=f"{delivery.name} (sources/{contract.source}.yml)")
    twice = [name for name in names if sum(name.lower() == other.lower() for other in names) > 1]
    if twice:
        raise BadData(where=delivery.name, what=f"column '{twice[0]}' comes more than once", fix="give each column a name of its own")


def _more(names: Sequence[str], contract: SourceSpec) -> tuple[str, ...]:
    return tuple(name for name in names if name not in contract.columns)


def _raw(contract: SourceSpec) -> str:
    return ", ".join(f"{quoted(name)} as r{place}" for place, name in enumerate(contract.columns))


def _parquet(connection: Connection, delivery: Delivery, file: Path, contract: SourceSpec) -> Opened:
    read = f"read_parquet({literal(str(file))}, hive_partitioning=false)"
    types = {row[0]: row[1] for row in connection.execute(f"describe select * from {read}").fetchall()}
    _require(list(types), delivery, contract)
    relation = f"(select file_row_number + 1 as _record, {_raw(contract)} from {read[:-1]}, file_row_number=true))"
    return Opened(relation, tuple(types[name] for name in contract.columns), _more(list(types), contract))


def _json(connection: Connection, delivery: Delivery, file: Path, contract: SourceSpec) -> Opened:
    require_lines(delivery, file)
    read = (
        f"(select row_number() over () as _record, line as _line from read_csv({literal(str(file))}, auto_detect=false, header=false, "
        f"delim={literal(NEVER)}, quote='', escape='', nullstr={literal(NOR)}, strict_mode=false, max_line_size={LONGEST_LINE}, "
        "columns={'line': 'varchar'}))"
    )
    return of_lines(read, contract, more=more_keys(connection, f"(select * from {read} limit {LOOKED_AT})", contract))


def require_lines(delivery: Delivery, file: Path) -> None:
    """Do nothing if `file` does not begin like one JSON list.

    Raises:
        BadData: it does.
    """
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
        if stream.read(1) == b"[":
            raise BadData(where=delivery.name, what="holds one JSON list", fix="write one record in each line (JSON lines)")


def of_lines(read: str, contract: SourceSpec, *, more: tuple[str, ...] = ()) -> Opened:
    """Return the relation `read`, which has `_record` and the text `_line`, with the values of its JSON objects as they stand there."""
    paths = ", ".join(literal(f'$."{name}"') for name in contract.columns)
    places = ", ".join(f"_values[{place + 1}] as r{place}" for place in range(len(contract.columns)))
    values = f"case when {is_object('_line')} then json_extract_string(_line, [{paths}]) end as _values"
    return Opened(f"(select *, {places} from (select *, {values} from {read}))", ("VARCHAR",) * len(contract.columns), more, lines=True)


def is_object(line: str) -> str:
    """Return the condition that the text `line` is a JSON object; a text that is no JSON is none."""
    return f"coalesce(case when json_valid({line}) then json_type({line}) = 'OBJECT' end, false)"


def more_keys(connection: Connection, read: str, contract: SourceSpec) -> tuple[str, ...]:
    """Return the keys of the JSON objects in `read` that the contract does not have."""
    return _more(_keys(connection, read), contract)


def _keys(connection: Connection, read: str) -> list[str]:
    found = connection.execute(f"select distinct unnest(json_keys(_line)) from {read} where {is_object('_line')} order by 1").fetchall()
    return [row[0] for row in found]


def missing_keys(connection: Connection, delivery: str, found: Opened, contract: SourceSpec, silent: Sequence[str]) -> None:
    """Do nothing if the columns `silent`, which no record of a JSON delivery has a value for, are left out and not renamed.

    Raises:
        UnknownName: a key that no record has, beside one like it that the contract does not know.
    """
    if not (found.lines and silent):
        return
    keys = _keys(connection, found.relation)
    for name in silent:
        if name not in keys and get_close_matches(name, _more(keys, contract), n=1):
            raise UnknownName.of("key", name, known=keys, where=f"{delivery} (sources/{contract.source}.yml)")


def _as_parquet(file: Path, contract: SourceSpec, into: Path) -> Path:
    """Write the sheet of an Excel file as Parquet: a column of dates or of numbers as such, one of several kinds as text."""
    sheet = excel.read(file, contract.sheet)
    columns = {name: [row[place] for row in sheet.rows] for place, name in reversed(list(enumerate(sheet.names))) if name}
    if len(columns) < sum(1 for name in sheet.names if name):
        raise BadData(where=file.name, what="two columns have the same name", fix="give each column a name of its own")
    table = {name: _cells(cells, contract, name) for name, cells in reversed(columns.items())}
    pq.write_table(pa.table(table), into)
    return into


def _cells(cells: Sequence[excel.Cell], contract: SourceSpec, name: str) -> pa.Array:
    column = contract.columns.get(name)
    if column is None or column.type == "text":
        return pa.array(list(_texts(cells, None)), pa.string())
    full = [None if cell == "" else cell for cell in cells]
    kinds = {type(cell) for cell in full if cell is not None}
    if kinds and kinds <= {date, datetime}:
        return pa.array([_at(cell) for cell in full], pa.timestamp("us"))
    if kinds == {bool}:
        return pa.array(full, pa.bool_())
    if kinds and kinds <= {int, float}:
        return pa.array([None if cell is None else float(cell) for cell in full], pa.float64())  # type: ignore[arg-type]
    return pa.array(list(_texts(cells, column.format)), pa.string())


def _at(cell: excel.Cell | None) -> datetime | None:
    if cell is None or isinstance(cell, datetime):
        return cell
    assert isinstance(cell, date)
    return datetime(cell.year, cell.month, cell.day)


def _texts(cells: Sequence[excel.Cell], form: str | None) -> Iterator[str]:
    for cell in cells:
        if isinstance(cell, float) and cell.is_integer():
            yield str(int(cell))
        elif isinstance(cell, date):
            yield cell.strftime(form) if form and "%" in form else cell.isoformat()
        else:
            yield str(cell).lower() if isinstance(cell, bool) else str(cell)
