"""Landing: a file as its contract says, or a refusal with the rows that break it; the last landed version stays."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shipworthy.data.landing import Landed, land
from shipworthy.errors import BadData, ShipworthyError, StepFailed, UnknownName
from shipworthy.gateways import lake
from shipworthy.spec.source import SourceSpec

CONTRACT: dict[str, Any] = {
    "source": "orders",
    "path": "data/orders*.csv",
    "key": ["id"],
    "columns": {
        "id": {"type": "integer", "required": True},
        "at": {"type": "timestamp"},
        "day": {"type": "date"},
        "price": {"type": "number"},
        "paid": {"type": "boolean"},
        "said": {"type": "text"},
    },
}
HEAD = "id,at,day,price,paid,said\n"
GOOD = HEAD + "1,2026-01-01 10:00,2026-01-01,1.5,true,hello\n2,2026-01-01T10:00:00-05:00,NA,,false,NA\n"
WRONG = {
    "id": ("1.5", "x", "9999999999999999999999"),
    "at": ("yesterday", "2026-13-01 10:00"),
    "day": ("2026-02-30", "2026-01-01 10:00"),
    "price": ("1,5", "free"),
    "paid": ("maybe",),
}


class Landing:
    """A project's folder with one contract."""

    def __init__(self, root: Path) -> None:
        self.root, self.lake = root, root / "lake"
        (root / "data").mkdir()

    def land(self, text: str | None = None, file: str = "orders.csv", **changes: Any) -> Landed:
        """Put `text` where the contract looks, and land it."""
        if text is not None:
            (self.root / "data" / file).write_text(text)
        return land(self.root, self.lake, SourceSpec.model_validate(CONTRACT | changes))

    def refused(self, text: str, **changes: Any) -> ShipworthyError:
        """Return the error of landing `text`; what was landed before must stay."""
        before = lake.pin(self.lake, "sources/orders") if lake.exists(self.lake, "sources/orders") else None
        with pytest.raises(ShipworthyError) as error:
            self.land(text, **changes)
        after = lake.pin(self.lake, "sources/orders") if lake.exists(self.lake, "sources/orders") else None
        assert after == before
        return error.value

    def rows(self) -> list[dict[str, Any]]:
        """Return what is landed, by the first column."""
        found: list[dict[str, Any]] = lake.read(self.lake, "sources/orders").to_pylist()
        return sorted(found, key=lambda row: next(iter(row.values())))


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


class TestWhatIsLanded:
    def test_a_csv_comes_with_its_types(self, landing: Landing) -> None:
        """
        Moments in UTC whatever their zone, texts for null as null, nothing guessed.
        """
        landed = landing.land(GOOD)

        assert (landed.rows, landed.new, landed.pin.table) == (2, True, "sources/orders")
        assert [tuple(row.values()) for row in landing.rows()] == [
            (1, datetime(2026, 1, 1, 10, tzinfo=UTC), date(2026, 1, 1), 1.5, True, "hello"),
            (2, datetime(2026, 1, 1, 15, tzinfo=UTC), None, None, False, None),
        ]

    def test_a_parquet_file_is_landed_by_the_same_contract(self, landing: Landing) -> None:
        """
        Its own types are cast to those of the contract, a moment without a zone is UTC, other columns stay out.
        """
        rows = pa.table({"id": pa.array([7], pa.int16()), "at": [datetime(2026, 1, 1, 10)], "more": [1]})
        pq.write_table(rows, landing.root / "data" / "orders.parquet")
        columns = {name: CONTRACT["columns"][name] for name in ("id", "at")}
        landing.land(path="data/orders.parquet", columns=columns)

        assert landing.rows() == [{"id": 7, "at": datetime(2026, 1, 1, 10, tzinfo=UTC)}]

    def test_several_files_are_one_table(self, landing: Landing) -> None:
        """
        All that the pattern finds is landed; a column in another place is the same column.
        """
        landing.land(GOOD)
        landed = landing.land("said,paid,price,day,at,id\nlate,true,2,2026-01-02,2026-01-02,3\n", file="orders_2.csv")

        assert (landed.rows, [row["id"] for row in landing.rows()]) == (3, [1, 2, 3])

    def test_the_same_file_is_not_landed_twice(self, landing: Landing) -> None:
        """
        Same bytes, same contract: the version stays; another contract for the same bytes is another table.
        """
        first = landing.land(GOOD)
        again = landing.land(GOOD)
        other = landing.land(GOOD, null_text=[""], columns={"id": {"type": "integer"}, "said": {"type": "text"}})

        assert (again.pin, again.rows, again.new) == (first.pin, 2, False)
        assert (other.new, landing.rows()[1]) == (True, {"id": 2, "said": "NA"})

    def test_what_was_landed_before_can_still_be_read(self, landing: Landing) -> None:
        """
        A new export makes a new version, and a run that read the old one can read it again.
        """
        first = landing.land(GOOD)
        landing.land(HEAD + "9,,,,,\n")

        assert sorted(lake.read(landing.lake, first.pin)["id"].to_pylist()) == [1, 2]


class TestWhatIsRefused:
    @pytest.mark.parametrize(("column", "value"), [(column, value) for column, values in WRONG.items() for value in values])
    def test_a_value_of_another_type_is_shown(self, landing: Landing, column: str, value: str) -> None:
        """
        Where, how many of how many, and the value with its key; a number or a moment is not rounded to fit.
        """
        landing.land(GOOD)
        cells = {"id": "3", column: f'"{value}"'}
        error = landing.refused(GOOD + ",".join(cells.get(name, "") for name in CONTRACT["columns"]) + "\n")

        assert (type(error), error.where) == (BadData, f"orders.{column}")
        assert "1 of 3 values is not a" in error.what
        assert repr(value) in error.what
        assert "the last landed version stays" in error.fix

    def test_a_column_that_is_gone_is_named_with_the_nearest(self, landing: Landing) -> None:
        """
        Renamed upstream: the error says which column is wanted and which is like it.
        """
        landing.land(GOOD)
        error = landing.refused(GOOD.replace("price", "prices"))

        assert (type(error), error.what) == (UnknownName, "no column 'price'")
        assert "did you mean 'prices'" in error.fix

    def test_a_missing_value_where_one_is_required_is_counted(self, landing: Landing) -> None:
        """
        A null breaks the contract only where it says so.
        """
        landing.land(GOOD)
        error = landing.refused(GOOD + "NA,,,,,\n,,,,,\n")

        assert (error.where, "2 of 4 values is missing" in error.what) == ("orders.id", True)

    @pytest.mark.parametrize(("key", "shown"), [(["id"], "id=1 in 2 rows"), (["id", "said"], "id=1, said=hello in 2 rows")])
    def test_a_repeated_key_is_shown(self, landing: Landing, key: list[str], shown: str) -> None:
        """
        How many keys come more than once, and one of them.
        """
        landing.land(GOOD)
        error = landing.refused(GOOD + "1,,,,,hello\n", key=key)

        assert error.where == "sources/orders.yml"
        assert f"1 keys come more than once, for example {shown}" in error.what

    @pytest.mark.parametrize("text", [HEAD, ""], ids=["head alone", "no byte"])
    def test_an_empty_export_is_refused(self, landing: Landing, text: str) -> None:
        """
        A table that was full and is empty is a broken export, not news.
        """
        landing.land(GOOD)
        error = landing.refused(text)

        assert isinstance(error, BadData | UnknownName)

    def test_no_file_is_told_with_its_path(self, landing: Landing) -> None:
        """
        The path as the contract has it, and what to do.
        """
        with pytest.raises(BadData, match=r"no file at data/orders\*\.csv"):
            landing.land()

    def test_a_file_that_cannot_be_read_is_named(self, landing: Landing) -> None:
        """
        What calls itself Parquet and is none is an error of ours, with the file's name.
        """
        (landing.root / "data" / "orders.parquet").write_text("no parquet")

        with pytest.raises(StepFailed, match=r"orders\.parquet"):
            landing.land(path="data/orders.parquet")
        assert not lake.exists(landing.lake, "sources/orders")
