"""DuckDB: in memory and in UTC, the warehouse read only, errors in three parts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from shipworthy.errors import StepFailed
from shipworthy.gateways import engine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A warehouse file with one table."""
    file = tmp_path / "ware'house.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table orders as select 1 as id, timestamptz '2026-01-01 00:00:00+00' as at")
    return file


def test_times_are_utc_in_every_connection(file: Path) -> None:
    """
    A text without a zone is read as UTC, and a moment comes back aware, wherever the machine stands.
    """
    asked = "select timestamptz '2026-07-01 12:00'"

    for opened in (engine.memory(), engine.warehouse(file), engine.side_by_side(old=file)):
        with opened as connection:
            assert connection.execute(asked).fetchall() == [(datetime(2026, 7, 1, 12, tzinfo=UTC),)]


def test_the_warehouse_is_read_only_and_let_go_of(file: Path) -> None:
    """
    Nothing can be written through it, and once it is closed dbt may write the file.
    """
    with engine.warehouse(file) as connection, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        connection.execute("delete from orders")
    with duckdb.connect(str(file)) as writer:
        assert writer.execute("select id from orders").fetchall() == [(1,)]


def test_a_warehouse_that_is_not_there_says_what_to_run(tmp_path: Path) -> None:
    """
    Before the first build there is no file: the error names it and the command, and none is made.
    """
    with pytest.raises(StepFailed, match=r"none\.duckdb") as error, engine.warehouse(tmp_path / "none.duckdb"):
        pass

    assert "shipworthy build" in error.value.fix
    assert list(tmp_path.iterdir()) == []


def test_two_warehouses_are_read_side_by_side(file: Path, tmp_path: Path) -> None:
    """
    Each goes by its keyword's name, and neither is written.
    """
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table orders as select 2 as id")

    with engine.side_by_side(old=file, new=other) as connection:
        assert connection.execute("select o.id, n.id from old.orders o, new.orders n").fetchall() == [(1, 2)]
    with pytest.raises(StepFailed, match="read-only"), engine.side_by_side(old=file) as connection:
        connection.execute("delete from old.orders")


def test_sql_that_cannot_run_is_told_in_three_parts() -> None:
    """
    What DuckDB says is the error's first line, not a trace of its insides.
    """
    with pytest.raises(StepFailed, match="nowhere") as error:
        engine.query("select * from nowhere")
    with pytest.raises(StepFailed, match="abc"), engine.memory() as connection:
        connection.execute("select 'abc'::int")

    assert (error.value.where, "select * from nowhere" in error.value.fix) == ("SQL", True)


def test_what_does_not_fit_needs_a_folder_to_spill_to(tmp_path: Path) -> None:
    """
    Without one the fix speaks of memory and not of types; with one the same memory is enough.
    """
    grouped = "select count(*), max(n) from (select x, count(*) as n from range(1000000) t(x) group by x)"

    with pytest.raises(StepFailed) as error, engine.memory(memory_limit="30MB") as connection:
        connection.execute(f"set temp_directory = ''; {grouped}")
    with engine.memory(memory_limit="30MB", spill=tmp_path / "spill") as connection:
        assert connection.execute(grouped).fetchall() == [(1_000_000, 1)]

    assert "memory" in error.value.fix


def test_each_connection_has_a_database_of_its_own() -> None:
    """
    Two that are open at once see nothing of each other, whether table or registered rows, and the next finds nothing left over.
    """
    for _ in range(2):
        with engine.memory() as one, engine.memory() as other:
            one.execute("create table made as select 1 as x")
            other.execute("create table made as select 2 as x")
            one.register("rows", pa.table({"y": [3]}))
            assert one.execute("select x, y from made, rows").fetchall() == [(1, 3)]
            assert other.execute("select x from made").fetchall() == [(2,)]
            with pytest.raises(duckdb.CatalogException, match="rows"):
                other.execute("select * from rows")


def test_what_failed_leaves_nothing_behind() -> None:
    """
    After an error in the middle of its work a database is gone like any other.
    """
    asked = "select count(*) from duckdb_databases() where not internal"
    with engine.memory() as connection:
        before = connection.execute(asked).fetchall()

    with pytest.raises(StepFailed), engine.memory() as connection:
        connection.execute("create table made as select 1; select 'abc'::int")

    with engine.memory() as connection:
        assert connection.execute(asked).fetchall() == before


def test_many_threads_work_at_once() -> None:
    """
    Connections that are opened side by side all get their own answer.
    """
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: engine.query(f"select {number} as x")["x"][0].as_py(), range(64)))

    assert found == list(range(64))


def test_rows_keep_their_order_where_it_is_asked_for(tmp_path: Path) -> None:
    """
    What is written with the order kept is read in it, though other connections are told not to care.
    """
    file = tmp_path / "numbers.parquet"
    with engine.memory() as careless, engine.memory(ordered=True) as connection:
        connection.execute(f"copy (select range as x from range(300000)) to {engine.literal(str(file))}")
        kept = [said.execute("select current_setting('preserve_insertion_order')").fetchall() for said in (careless, connection)]

        assert kept == [[(False,)], [(True,)]]
        assert connection.execute(f"select x from {engine.files([str(file)])}").fetchall() == [(x,) for x in range(300000)]


@pytest.mark.parametrize("name", ["order", 'a"b', "with space", "Größe", "a.b", "'; drop table t"])
def test_any_name_can_be_quoted(name: str) -> None:
    """
    A column goes by its name, whatever characters it has; the same text survives as a value.
    """
    rows = engine.query(f"select 1 as {engine.quoted(name)}, {engine.literal(name)} as said")

    assert rows.to_pylist() == [{name: 1, "said": name}]


def test_tables_in_memory_are_seen_by_their_names() -> None:
    """
    An Arrow table is queried under the name that it was given.
    """
    found = engine.query("select max(a.x + b.x) as sum from a, b", {"a": pa.table({"x": [1, 2]}), "b": pa.table({"x": [10]})})

    assert found.to_pylist() == [{"sum": 12}]
