"""The only door to DuckDB: connections in memory, and to the private warehouse file.

Everything above gets a connection and speaks SQL to it, in the subset that DuckDB 1.5 and 2 share:
`execute(...).fetchall()`, `execute(...).to_arrow_table()` and `execute(...).to_arrow_reader(rows)`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count, takewhile
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from shipworthy.errors import StepFailed

SESSION = "set TimeZone = 'UTC'; set enable_progress_bar = false"
_running: dict[tuple[int, bool], Any] = {}  # by process: threads of DuckDB do not outlive a fork; and by whether rows keep their order
_starting, _numbers = Lock(), count()


class Connection(Protocol):
    """What a DuckDB connection is used for here."""

    def execute(self, query: str, parameters: Any = ...) -> Any:
        """Run `query`; the result answers fetchall(), to_arrow_table() and to_arrow_reader(rows)."""

    def register(self, view_name: str, python_object: Any) -> Any:
        """Make an Arrow table visible as the view `view_name`."""


@contextmanager
def memory(*, ordered: bool = False, memory_limit: str | None = None, spill: Path | None = None) -> Iterator[Connection]:
    """Yield a connection to an empty database in memory, in UTC, which is gone at the end.

    DuckDB takes 20 ms of processor time to start. So it is started once in a process, and each connection gets a database of its own in
    it; where a limit or a folder is given, which hold for all of a DuckDB, it is one of its own.

    Args:
        ordered: whether rows keep the order in which they stand in what is read.
        memory_limit: how much it may take, such as `2GB`; None is DuckDB's own limit.
        spill: a folder for what does not fit.

    Raises:
        StepFailed: DuckDB could not run what it was told.
    """
    limits = {key: str(value) for key, value in (("memory_limit", memory_limit), ("temp_directory", spill)) if value}
    with _told(), _own(ordered=ordered, **limits) if limits else _shared(ordered=ordered) as connection:
        connection.execute(SESSION)
        yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise StepFailed(where="SQL", what=_words(error), fix=_remedy(error)) from None


def _own(*, ordered: bool = False, **settings: str) -> Any:
    return duckdb.connect(":memory:", config={"preserve_insertion_order": ordered, **settings})


@contextmanager
def _shared(*, ordered: bool) -> Iterator[Any]:
    """Yield a connection to a database of its own in this process's DuckDB; one that broke down is started anew for the next."""
    connection, name = _joined(os.getpid(), ordered=ordered), f"memory_{next(_numbers)}"
    try:
        connection.execute(f"attach ':memory:' as {name}; use {name}")
        yield connection
    except duckdb.FatalException:
        _running.pop((os.getpid(), ordered), None)
        raise
    finally:
        with suppress(duckdb.Error):
            connection.execute(f"use memory; detach {name}")
        connection.close()


def _joined(process: int, *, ordered: bool) -> Any:
    with _starting:
        if (process, ordered) not in _running:
            _running[process, ordered] = _own(ordered=ordered, enable_external_file_cache="false")
        return _running[process, ordered].cursor()


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
    with _told(), _own() as connection:
        connection.execute(SESSION)
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
        connection.execute(SESSION)
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
