"""The lake: versions that stay, appends that happen once, readers that see one version."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from shipworthy.errors import BadData, UnknownName
from shipworthy.gateways import engine, lake

MOMENT = datetime(2013, 5, 1, 12, tzinfo=UTC)

APPENDS = """
import sys, pyarrow as pa
from pathlib import Path
from shipworthy.gateways import lake
folder, start, writer = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None
for step in range(5):
    lake.append(folder, "t", pa.table({"x": [start + step]}), writer=writer, sequence=step if writer else None)
"""


def numbers(*values: int) -> pa.Table:
    return pa.table({"x": pa.array(values, pa.int64())})


def found(folder: Path, at: lake.Pin | str = "t") -> list[int]:
    values: list[int] = sorted(lake.read(folder, at)["x"].to_pylist())
    return values


def appended_by_several(folder: Path, *starts: int, writer: str = "") -> None:
    """Append from as many processes as there are `starts`, at once."""
    command = [sys.executable, "-W", "error", "-c", APPENDS, str(folder)]
    running = [subprocess.Popen([*command, str(start), writer], stderr=subprocess.PIPE, text=True) for start in starts]
    ended = [(process.communicate()[1], process.returncode) for process in running]
    assert [end for end in ended if end[1] != 0] == []


class TestVersions:
    def test_a_pin_stays_what_it_was(self, tmp_path: Path) -> None:
        """
        A version that a run read can be read again after all that came later, joining of files included.
        """
        lake.append(tmp_path, "t", numbers(1))
        pin = lake.pin(tmp_path, "t")
        lake.append(tmp_path, "t", numbers(2))
        lake.overwrite(tmp_path, "t", numbers(3))
        lake.compact(tmp_path, "t")

        assert found(tmp_path, pin) == [1]
        assert found(tmp_path) == [3]
        assert lake.pin(tmp_path, "t").version > pin.version

    def test_the_same_content_is_not_written_twice(self, tmp_path: Path) -> None:
        """
        An overwrite under the hash that the table has makes no version; another hash makes one.
        """
        first = lake.overwrite(tmp_path, "t", numbers(1), content="a")

        assert lake.overwrite(tmp_path, "t", numbers(1), content="a") == first
        assert lake.overwrite(tmp_path, "t", numbers(2), content="b") == first + 1
        assert lake.content_of(tmp_path, "t") == "b"
        assert lake.content_of(tmp_path, "nowhere") is None

    def test_a_table_that_is_made_once_is_never_written_again(self, tmp_path: Path) -> None:
        """
        A second making is refused, and the first stays.
        """
        lake.create(tmp_path, "t", numbers(1).to_reader())

        with pytest.raises(BadData, match="never written twice"):
            lake.create(tmp_path, "t", numbers(2).to_reader())
        assert found(tmp_path) == [1]

    def test_a_column_that_comes_later_is_null_before(self, tmp_path: Path) -> None:
        """
        An append may bring a column; the rows of before have none of it.
        """
        lake.append(tmp_path, "t", numbers(1))
        lake.append(tmp_path, "t", pa.table({"x": [2], "said": ["two"]}))

        assert sorted(lake.read(tmp_path, "t").to_pylist(), key=lambda row: row["x"]) == [{"x": 1, "said": None}, {"x": 2, "said": "two"}]

    def test_a_column_of_nulls_alone_needs_a_type(self, tmp_path: Path) -> None:
        """
        What has no type is refused with its name, and no table is made.
        """
        with pytest.raises(BadData, match="column 'empty' has no type"):
            lake.append(tmp_path, "t", pa.table({"x": [1], "empty": [None]}))
        assert not lake.exists(tmp_path, "t")


class TestAppends:
    def test_a_repeat_writes_nothing(self, tmp_path: Path) -> None:
        """
        A step that is run again after a kill finds its sequence taken; other writers count for themselves.
        """
        version = lake.append(tmp_path, "t", numbers(1), writer="score", sequence=5)

        assert lake.append(tmp_path, "t", numbers(1), writer="score", sequence=5) == version
        assert lake.append(tmp_path, "t", numbers(1), writer="score", sequence=4) == version
        lake.append(tmp_path, "t", numbers(2), writer="absorb", sequence=1)
        lake.append(tmp_path, "t", numbers(3), writer="score", sequence=6)

        assert found(tmp_path) == [1, 2, 3]
        assert [lake.last_sequence(tmp_path, "t", writer) for writer in ("score", "absorb", "nobody")] == [6, 1, None]

    def test_no_rows_make_a_table(self, tmp_path: Path) -> None:
        """
        An empty append makes the table, so that who reads it finds its columns and no rows.
        """
        lake.append(tmp_path, "t", numbers())

        assert lake.read(tmp_path, "t").schema.names == ["x"]
        with engine.memory() as connection:
            lake.attach(connection, tmp_path, "seen", "t")
            assert connection.execute("select count(x) from seen").fetchall() == [(0,)]

    def test_appends_of_several_processes_all_arrive(self, tmp_path: Path) -> None:
        """
        Two processes append at once to a table that none has made: every row is there, once.
        """
        appended_by_several(tmp_path, 100, 200)

        assert found(tmp_path) == [start + step for start in (100, 200) for step in range(5)]

    def test_one_writer_in_several_processes_writes_each_sequence_once(self, tmp_path: Path) -> None:
        """
        The same steps from two processes at once leave the rows of one.
        """
        appended_by_several(tmp_path, 100, 100, writer="score")

        assert found(tmp_path) == [100 + step for step in range(5)]


class TestReading:
    def test_rows_come_back_as_they_were(self, tmp_path: Path) -> None:
        """
        Types, nulls and moments survive, and chosen columns come alone.
        """
        kinds = {"at": pa.timestamp("us", "UTC"), "n": pa.int64(), "share": pa.float64(), "sure": pa.bool_(), "said": pa.string()}
        rows = pa.table({"at": [MOMENT, None], "n": [1, None], "share": [0.5, None], "sure": [True, None], "said": ["a", None]})
        rows = rows.cast(pa.schema(list(kinds.items())))
        lake.append(tmp_path, "t", rows)

        assert lake.read(tmp_path, "t").equals(rows)
        assert lake.read(tmp_path, "t", columns=["n"]).column_names == ["n"]

    def test_a_view_shows_the_pinned_version(self, tmp_path: Path) -> None:
        """
        SQL over a pin does not see what was written since.
        """
        lake.append(tmp_path, "published/o'hare", numbers(1))
        pin = lake.pin(tmp_path, "published/o'hare")
        lake.append(tmp_path, "published/o'hare", numbers(2))

        with engine.memory() as connection:
            lake.attach(connection, tmp_path, "before", pin)
            lake.attach(connection, tmp_path, "after", "published/o'hare")
            assert connection.execute("select (select sum(x) from before), (select sum(x) from after)").fetchall() == [(1, 3)]
        assert len(lake.paths(tmp_path, pin)) == 1

    def test_a_table_that_is_not_there_is_told_with_the_nearest(self, tmp_path: Path) -> None:
        """
        A slip in a name is answered with the table that was meant.
        """
        lake.append(tmp_path, "published/flights", numbers(1))

        with pytest.raises(UnknownName, match="did you mean 'published/flights'"):
            lake.read(tmp_path, "published/flihgts")

    def test_tables_are_listed_by_their_paths(self, tmp_path: Path) -> None:
        """
        All of them or those of a folder, sorted; a lake that is not there has none.
        """
        for table in ("sources/b", "sources/a", "published/c"):
            lake.append(tmp_path, table, numbers(1))

        assert lake.tables(tmp_path) == ["published/c", "sources/a", "sources/b"]
        assert lake.tables(tmp_path, "sources") == ["sources/a", "sources/b"]
        assert lake.tables(tmp_path / "nowhere") == []

    def test_a_table_knows_when_it_was_written(self, tmp_path: Path) -> None:
        """
        Its own log says so, with a zone.
        """
        before = datetime.now(UTC).replace(microsecond=0)
        lake.append(tmp_path, "t", numbers(1))

        assert before <= lake.written_at(tmp_path, "t") <= datetime.now(UTC)
