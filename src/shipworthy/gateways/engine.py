"""The only door to DuckDB: connections in memory, and to the private warehouse file.

Everything above gets a connection and speaks SQL to it, in the subset that DuckDB 1.5 and 2 share:
`execute(...).fetchall()`, `execute(...).to_arrow_table()` and `execute(...).to_arrow_reader(rows)`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from shipworthy.errors import StepFailed


class Connection(Protocol):
    """What a DuckDB connection is used for here."""

    def execute(self, query: str, parameters: Any = ...) -> Any:
        """Run `query`; the result answers fetchall(), to_arrow_table() and to_arrow_reader(rows)."""

    def register(self, view_name: str, python_object: Any) -> Any:
        """Make an Arrow table visible as the view `view_name`."""


@contextmanager
def memory(*, memory_limit: str | None = None, spill: Path | None = None) -> Iterator[Connection]:
    """Yield a connection to a database in memory, in UTC; `spill` is a folder for what does not fit.

    Raises:
        StepFailed: DuckDB could not run what it was told.
    """
    settings: dict[str, Any] = {"TimeZone": "UTC", "preserve_insertion_order": False}
    if memory_limit:
        settings["memory_limit"] = memory_limit
    if spill:
        settings["temp_directory"] = str(spill)
    connection = duckdb.connect(":memory:", config={key: value for key, value in settings.items() if key != "TimeZone"})
    try:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        yield connection
    except duckdb.Error as error:
        raise StepFailed(where="SQL", what=_words(error), fix=_remedy(error)) from None
    finally:
        connection.close()


def _words(error: duckdb.Error) -> str:
    """Return what DuckDB says in short; of a line of a CSV all but the line itself and the advice to be less strict."""
    first, *more = str(error).splitlines()
    if "CSV Error" not in first:
        return first
    told = takewhile(lambda line: line and not line.startswith("Possible"), more)
    return " ".join([first.partition(": ")[2], *(line for line in told if not line.startswith("Original Line"))])


def _remedy(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.OutOfMemoryException):
        return "give it more memory, or more disk to spill to"
    return "look at the types and values of the columns that it names"


@contextmanager
def side_by_side(**warehouses: Path) -> Iterator[Connection]:
    """Yield a connection in memory that reads several warehouse files, each under its keyword's name, let go of at the end.

    Raises:
        StepFailed: a file is missing, another process holds it, or DuckDB could not run what it was told.
    """
    with memory() as connection:
        for name, file in warehouses.items():
            connection.execute(f"attach {literal(str(file))} as {quoted(name)} (read_only)")
        yield connection


@contextmanager
def warehouse(file: Path) -> Iterator[Connection]:
    """Yield a read-only connection to the warehouse `file`, let go of at the end.

    Raises:
        StepFailed: the file is missing, or another process holds it.
    """
    try:
        connection = duckdb.connect(str(file), read_only=True)
    except duckdb.IOException as error:
        raise StepFailed(
            where=str(file),
            what=str(error).splitlines()[0],
            fix="run 'shipworthy build' first, or wait until the other process lets go of it",
        ) from None
    try:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        yield connection
    finally:
        connection.close()


def quoted(name: str) -> str:
    """Return `name` as an SQL identifier: the only place where names are quoted.

    >>> quoted('order'), quoted('a"b')
    ('"order"', '"a""b"')
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as an SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def files(paths: Sequence[str]) -> str:
    """Return an SQL relation that reads the Parquet files at `paths`."""
    return f"read_parquet([{', '.join(literal(path) for path in paths)}], union_by_name=true)"


def query(sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
    """Return the rows of `sql` over `tables` in memory.

    >>> query("select max(x) as largest from t", {"t": pa.table({"x": [1, 2]})}).to_pylist()
    [{'largest': 2}]
    """
    with memory() as connection:
        for name, table in (tables or {}).items():
            connection.register(name, table)
        try:
            result: pa.Table = connection.execute(sql).to_arrow_table()
        except duckdb.Error as error:
            raise StepFailed(where="SQL", what=str(error).splitlines()[0], fix=f"mend the query: {sql[:200]}") from None
        return result
