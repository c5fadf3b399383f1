"""Landing: a delivery as its contract says, once; another shape is refused, and the last landed version stays."""

import sys
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shipworthy.data.landing.standing import commit
from shipworthy.errors import BadData, UnknownName
from shipworthy.gateways import lake

from .delivering import CONTRACT, GOOD, HEAD, TABLE, Delivering

WRONG = {
    "id": ("1.5", "x", "9999999999999999999999", "0x1F", "1_000", "1e3"),
    "at": ("yesterday", "2026-13-01 10:00", "epoch", "24-01-02", "01/02/2026"),
    "day": ("2026-02-30", "2026-01-01 10:00", "infinity", "24-01-02", "01/02/2026", "20260101"),
    "price": ("1,5", "free", "nan", "inf", "1e999", "1_000", "0x1F"),
    "paid": ("maybe", "2"),
}


class TestWhatIsLanded:
    def test_a_csv_comes_with_its_types(self, orders: Delivering) -> None:
        """
        Moments in UTC whatever their zone, texts for null as null, nothing guessed.
        """
        landed = orders.land(GOOD)

        assert (landed.rows, landed.new, landed.pin.table) == (2, True, TABLE)
        assert [tuple(row.values()) for row in orders.rows()] == [
            (1, datetime(2026, 1, 1, 10, tzinfo=UTC), date(2026, 1, 1), 1.5, True, "hello"),
            (2, datetime(2026, 1, 1, 15, tzinfo=UTC), None, None, False, None),
        ]

    def test_a_row_is_traced_to_its_delivery_and_record(self, orders: Delivering) -> None:
        """
        Beside the contract's columns stand the delivery and the number of the record in it, from 1.
        """
        orders.land(GOOD)
        found = lake.read(orders.lake, TABLE).select(["id", "_delivery", "_record"]).to_pylist()

        assert sorted(tuple(row.values()) for row in found) == [(1, "data/orders.csv", 1), (2, "data/orders.csv", 2)]

    def test_a_parquet_file_is_landed_by_the_same_contract(self, orders: Delivering) -> None:
        """
        Its own types are cast to those of the contract, a moment without a zone is UTC, other columns stay out.
        """
        rows = pa.table({"id": pa.array([7], pa.int16()), "at": [datetime(2026, 1, 1, 10)], "more": [1]})
        pq.write_table(rows, orders.root / "data" / "orders.parquet")
        columns = {name: CONTRACT["columns"][name] for name in ("id", "at")}
        orders.land(path="data/orders.parquet", columns=columns)

        assert orders.rows() == [{"id": 7, "at": datetime(2026, 1, 1, 10, tzinfo=UTC)}]
        assert orders.landings()["orders.parquet"].more == ("more",)

    def test_several_files_are_one_table(self, orders: Delivering) -> None:
        """
        All that the pattern finds is landed; a column in another place is the same column.
        """
        orders.land(GOOD)
        landed = orders.land("said,paid,price,day,at,id\nlate,true,2,2026-01-02,2026-01-02,3\n", file="orders_2.csv")

        assert (landed.rows, orders.ids()) == (3, [1, 2, 3])

    def test_the_same_file_is_not_landed_twice(self, orders: Delivering) -> None:
        """
        Same bytes, same contract: the version stays, also where the file was only touched; another contract for the same bytes is
        another table.
        """
        first = orders.land(GOOD)
        again = orders.land(GOOD)
        other = orders.land(GOOD, null_text=[""], columns={"id": {"type": "integer"}, "said": {"type": "text"}})

        assert (again.pin, again.rows, again.new) == (first.pin, 2, False)
        assert (other.new, orders.rows()[1]) == (True, {"id": 2, "said": "NA"})

    def test_other_words_in_the_contract_land_nothing_anew(self, orders: Delivering) -> None:
        """
        A description or a bound does not change how a record is read.
        """
        first = orders.land(GOOD)

        assert orders.land(description="Every order.", quarantine_at_most=0.5).pin == first.pin

    def test_a_new_delivery_is_added(self, orders: Delivering) -> None:
        """
        What is in the lake is not written again: the new version has the old one's files, and another.
        """
        first = orders.land(GOOD)
        second = orders.land(HEAD + "9,,,,,\n", file="orders_2.csv")

        assert set(lake.paths(orders.lake, first.pin)) < set(lake.paths(orders.lake, second.pin))
        assert orders.ids() == [1, 2, 9]

    def test_many_small_landings_leave_few_files(self, orders: Delivering, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        As a stream's: the files are joined now and then, and what goes with the table still does.
        """
        monkeypatch.setattr(sys.modules[commit.__module__], "MOST_FILES", 3)
        for place in range(5):
            orders.land(HEAD + f"{place},,,,,\n{place + 10},,,free,,\n", file=f"orders_{place}.csv")

        assert len(lake.paths(orders.lake, TABLE)) <= 3
        assert (orders.ids(), len(orders.quarantine()), len(orders.landings())) == ([0, 1, 2, 3, 4], 5, 5)

    def test_a_file_that_has_changed_takes_the_place_of_what_it_was(self, orders: Delivering) -> None:
        """
        A record that it does not deliver any more goes, a changed one changes; a run that read the old version can read it again.
        """
        first = orders.land(GOOD)
        orders.land(HEAD + "4,,,,,\n", file="orders_2.csv")
        orders.land(GOOD.replace("hello", "bye").replace("\n2,", "\n3,"))

        assert [(row["id"], row["said"]) for row in orders.rows()] == [(1, "bye"), (3, None), (4, None)]
        assert sorted(lake.read(orders.lake, first.pin)["id"].to_pylist()) == [1, 2]

    def test_a_file_that_has_gone_stays_landed(self, orders: Delivering) -> None:
        """
        What was delivered is not undone by tidying up, and it is said.
        """
        orders.land(GOOD)
        orders.land(HEAD + "4,,,,,\n", file="orders_2.csv")
        (orders.root / "data" / "orders.csv").unlink()
        landed = orders.land()

        assert (landed.new, landed.gone, orders.ids()) == (False, ("data/orders.csv",), [1, 2, 4])

    def test_a_file_that_has_gone_is_held_to_a_new_contract(self, orders: Delivering) -> None:
        """
        Its rows are kept in the new columns; where they do not fit, the contract is refused: it cannot be read again.
        """
        orders.land(GOOD)
        orders.land(HEAD + "4,,,,,\n", file="orders_2.csv")
        (orders.root / "data" / "orders.csv").unlink()
        columns = CONTRACT["columns"]
        wider = orders.land(columns=columns | {"id": {"type": "number"}})
        error = orders.refused(columns=columns | {"said": {"type": "integer"}})

        assert (wider.rows, orders.rows()[0]["id"]) == (3, 1.0)
        assert "1 landed rows do not fit the contract as it is now, and data/orders.csv has gone" in error.what

    def test_what_an_earlier_version_of_ours_has_landed_is_landed_anew(self, orders: Delivering) -> None:
        """
        A table without notes on its deliveries is written once more, whole.
        """
        lake.overwrite(orders.lake, TABLE, pa.table({"id": [1, 2]}))
        landed = orders.land(GOOD)

        assert (landed.rows, orders.ids()) == (2, [1, 2])


class TestWhatIsRefused:
    @pytest.mark.parametrize(("column", "value"), [(column, value) for column, values in WRONG.items() for value in values])
    def test_a_value_of_another_type_is_shown(self, orders: Delivering, column: str, value: str) -> None:
        """
        Beyond the bound: how many of how many, the column, and the value with its place; nothing is rounded or cut to fit.
        """
        orders.land(GOOD)
        cells = {"id": "3", column: f'"{value}"'}
        error = orders.refused(GOOD + ",".join(cells.get(name, "") for name in CONTRACT["columns"]) + "\n", quarantine_at_most=0.3)

        assert (type(error), error.where) == (BadData, "sources/orders.yml")
        assert "1 of 3 new records (33.3%) break the contract, at most 30.0% may" in error.what
        assert f"1 by {column}, for example '{value}' is not" in error.what
        assert "(data/orders.csv, record 3)" in error.what
        assert "the last landed version stays" in error.fix

    def test_a_column_that_is_gone_is_named_with_the_nearest(self, orders: Delivering) -> None:
        """
        Renamed upstream: the error says which column is wanted and which is like it.
        """
        orders.land(GOOD)
        error = orders.refused(GOOD.replace("price", "prices"))

        assert (type(error), error.what) == (UnknownName, "no column 'price'")
        assert "did you mean 'prices'" in error.fix

    @pytest.mark.parametrize("row", ["3,,\n", "3,,,,,,x\n"], ids=["too few", "too many"])
    def test_a_line_with_another_number_of_columns_is_refused_with_its_number(self, orders: Delivering, row: str) -> None:
        """
        Columns that have shifted are not guessed into place.
        """
        orders.land(GOOD)
        error = orders.refused(GOOD + row)

        assert error.where == "data/orders.csv"
        assert "CSV Error on Line: 4" in error.what
        assert "Expected Number of Columns: 6 Found: " in error.what

    def test_another_delimiter_is_refused(self, orders: Delivering) -> None:
        """
        Nothing sniffs: a head that is one column by the contract's delimiter says so.
        """
        error = orders.refused(GOOD.replace(",", ";"))

        assert "its first line has 1 column with the delimiter ',', and the contract has 6" in error.what
        assert orders.land(delimiter=";").rows == 2

    def test_a_column_that_comes_twice_is_refused(self, orders: Delivering) -> None:
        """
        Which of the two is meant is not guessed.
        """
        error = orders.refused("day," + HEAD + "2026-01-01,1,,,,,\n")

        assert "column 'day' comes more than once" in error.what

    def test_an_unknown_column_is_said_and_stays_out(self, orders: Delivering) -> None:
        """
        A new column breaks nothing that reads the table, and is noted with the delivery.
        """
        orders.land("rebate," + GOOD.replace("\n", "\n0,", 2))

        assert orders.landings()["orders.csv"].more == ("rebate",)
        assert "rebate" not in orders.rows()[0]

    @pytest.mark.parametrize("text", [HEAD, ""], ids=["head alone", "no byte"])
    def test_an_empty_export_is_refused(self, orders: Delivering, text: str) -> None:
        """
        A table that was full and is empty is a broken export, not news.
        """
        orders.land(GOOD)
        error = orders.refused(text)

        assert isinstance(error, BadData | UnknownName)

    def test_no_file_is_told_with_its_path(self, orders: Delivering) -> None:
        """
        The path as the contract has it, and what to do.
        """
        assert r"no file at data/orders*.csv" in orders.refused().what

    def test_a_stream_that_has_sent_nothing_is_told(self, orders: Delivering) -> None:
        """
        Nothing received is no empty table.
        """
        stream: Any = {"broker": "kafka", "address_from": "KAFKA", "topic": "orders"}

        assert "nothing has come from kafka yet" in orders.refused(path=None, stream=stream).what

    def test_a_file_that_cannot_be_read_is_named(self, orders: Delivering) -> None:
        """
        What calls itself Parquet and is none is an error of ours, with the file's name.
        """
        error = orders.refused("no parquet", file="orders.parquet", path="data/orders.parquet")

        assert (type(error), error.where) == (BadData, "data/orders.parquet")
        assert not lake.exists(orders.lake, TABLE)

    def test_letters_in_another_code_are_refused(self, orders: Delivering) -> None:
        """
        Bytes that are no UTF-8 are not replaced; the contract can say what they are.
        """
        text = GOOD.replace("hello", "café").encode("latin-1")
        error = orders.refused(text)
        head = orders.refused(b"caf\xe9," + text, file="orders_2.csv")
        (orders.root / "data" / "orders_2.csv").unlink()
        orders.land(encoding="latin-1")

        assert "utf-8" in error.what
        assert "its first line cannot be read" in head.what
        assert orders.rows()[0]["said"] == "café"

    def test_a_file_of_unknown_format_is_refused(self, orders: Delivering) -> None:
        """
        What neither name nor contract says is not guessed from the content.
        """
        error = orders.refused(GOOD, file="orders.dat", path="data/orders.dat")
        landed = orders.land(path="data/orders.dat", format="csv")

        assert "the format of 'orders.dat' is not known" in error.what
        assert landed.rows == 2
