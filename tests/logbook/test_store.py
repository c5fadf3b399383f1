"""The logbook is opened: made, brought up to date, and shared by several processes."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from shipworthy.logbook import read, tables
from shipworthy.logbook.store import open_logbook, revision

OPENS = """
import sys
from datetime import UTC, datetime
from shipworthy.logbook import write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Measurement
book = open_logbook(sys.argv[1])
for number in range(20):
    write.measurements(book, [Measurement("rows", sys.argv[2], float(number), datetime(2026, 1, 1 + number, tzinfo=UTC))])
"""

KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from shipworthy.logbook.store import open_logbook
@event.listens_for(Engine, "before_cursor_execute")
def _(connection, cursor, statement, *rest):
    if "CREATE TABLE measurements" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
open_logbook(sys.argv[1])
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/state/logbook.db"


def differences(book: Engine) -> list[object]:
    """Return where the migrated tables differ from those that are declared."""
    with book.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "shipworthy_revision"})
        return list(compare_metadata(context, tables.METADATA))


def test_a_new_logbook_has_every_table_as_declared(url: str) -> None:
    """
    The migrations make just what the code reads and writes: no column more, none less.
    """
    book = open_logbook(url)

    assert set(tables.METADATA.tables) <= set(inspect(book).get_table_names())
    assert differences(book) == []


def test_a_table_that_a_migration_forgot_would_be_found(url: str) -> None:
    """
    The comparison above is able to fail.
    """
    book = open_logbook(url)
    with book.begin() as connection:
        connection.exec_driver_sql("drop table leases")

    assert differences(book) != []


def test_opening_again_changes_nothing(url: str) -> None:
    """
    It stands at the same migration, and what was written is there.
    """
    stands = revision(open_logbook(url))

    assert stands is not None
    assert revision(open_logbook(url)) == stands


def test_readers_and_a_writer_share_one_file(url: str, tmp_path: Path) -> None:
    """
    SQLite keeps a write-ahead log, and waits for a writer instead of failing.
    """
    book = open_logbook(url)
    with book.connect() as connection:
        settings = [connection.exec_driver_sql(f"pragma {name}").scalar() for name in ("journal_mode", "busy_timeout")]
    with sqlite3.connect(tmp_path / "state" / "logbook.db", isolation_level=None) as writer:
        writer.execute("begin immediate")
        assert read.versions(book) == []
        writer.execute("rollback")
    writer.close()

    assert settings == ["wal", 30000]


def test_several_processes_make_and_write_it_at_once(url: str) -> None:
    """
    Service, console and loop may all be first: none fails, and nothing that was written is lost.
    """
    command = [sys.executable, "-W", "error", "-c", OPENS, url]
    running = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in ("a", "b", "c")]
    ended = [(process.communicate()[1], process.returncode) for process in running]

    assert ended == [("", 0), ("", 0), ("", 0)]
    assert read.count(open_logbook(url), "measurements") == 60


def test_a_process_that_is_killed_while_it_makes_it_leaves_nothing_half(url: str, tmp_path: Path) -> None:
    """
    The tables come all at once: killed at any of them, the next process finds none and makes them.
    """
    command = [sys.executable, "-W", "error", "-c", KILLED, url]
    killed = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, "")
    with sqlite3.connect(tmp_path / "state" / "logbook.db") as left:
        assert left.execute("select name from sqlite_master where type = 'table'").fetchall() == []
    left.close()
    assert differences(open_logbook(url)) == []


def test_every_column_says_what_it_holds() -> None:
    """
    Whoever opens the database with another tool finds a comment at each column and table.
    """
    silent = [f"{table.name}.{column.name}" for table in tables.METADATA.tables.values() for column in table.columns if not column.comment]

    assert silent == []
    assert [table.name for table in tables.METADATA.tables.values() if not table.comment] == []
