"""Traps that sit in real files: each is caught and told, none is read by a guess."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .delivering import Delivering


def columns(**said: Any) -> dict[str, Any]:
    return {"id": {"type": "integer"}} | said


def reasons(orders: Delivering) -> list[tuple[int, str, str]]:
    return [(row["record"], row["kind"], row["reason"]) for row in orders.quarantine()]


class TestDates:
    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("25/04/2024", "it reads day first"),
            ("25.04.2024", "it reads day first"),
            ("04/25/2024", "it reads month first"),
            ("03/04/2024", "day first or month first?"),
            ("soon", None),
        ],
    )
    @pytest.mark.parametrize("kind", ["date", "timestamp"])
    def test_a_date_that_is_not_written_year_first_is_not_guessed(self, orders: Delivering, kind: str, text: str, hint: str | None) -> None:
        """
        Readable one way, both ways or not at all: without a format it goes to quarantine, with what a person should look at.
        """
        orders.land(f"id,day\n1,2024-04-03\n2,{text}\n", columns=columns(day={"type": kind}))
        ((record, broken, reason),) = reasons(orders)

        assert (record, broken) == (2, "type")
        assert reason.startswith(f"'{text}' is not a {kind}")
        assert hint is None or hint in reason
        assert orders.ids() == [1]

    def test_a_declared_format_is_what_is_read(self, orders: Delivering) -> None:
        """
        Day first where the contract says so.
        """
        orders.land("id,day\n1,03/04/2024\n2,25/04/2024\n", columns=columns(day={"type": "date", "format": "%d/%m/%Y"}))

        assert [str(row["day"]) for row in orders.rows()] == ["2024-04-03", "2024-04-25"]

    def test_day_first_dates_under_a_month_first_contract_are_caught_whole(self, orders: Delivering) -> None:
        """
        One date that only reads day first puts all that read both ways in doubt: none of them is read month first.
        """
        text = "id,day\n1,03/04/2024\n2,25/04/2024\n3,05/05/2024\n"
        orders.land(text, columns=columns(day={"type": "date", "format": "%m/%d/%Y"}))

        assert [(record, kind) for record, kind, _ in reasons(orders)] == [(1, "doubtful"), (2, "swapped")]
        assert "may be %d/%m/%Y" in reasons(orders)[0][2]
        assert orders.ids() == [3]

    @pytest.mark.parametrize("text", ["03/04/24", "3/4/0024"])
    def test_a_year_of_two_digits_is_no_year(self, orders: Delivering, text: str) -> None:
        """
        The year 24 is not what anybody meant.
        """
        orders.land(f"id,day\n1,03/04/2024\n2,{text}\n", columns=columns(day={"type": "date", "format": "%d/%m/%Y"}))

        assert [record for record, _, _ in reasons(orders)] == [2]


class TestZones:
    SAID = columns(at={"type": "timestamp", "zone": "Europe/Berlin"})

    def test_a_time_of_day_is_read_in_its_zone(self, orders: Delivering) -> None:
        """
        Winter and summer by that zone's clocks; one that comes with a zone of its own keeps it.
        """
        orders.land("id,at\n1,2024-01-15 12:00\n2,2024-07-15 12:00\n3,2024-07-15 12:00:00+00\n", columns=self.SAID)

        assert [row["at"].hour for row in orders.rows()] == [11, 10, 12]

    def test_an_hour_that_clocks_skip_or_show_twice_is_not_guessed(self, orders: Delivering) -> None:
        """
        In spring an hour does not exist, in autumn one comes twice; the hours beside them are read.
        """
        text = "id,at\n1,2024-03-31 01:59\n2,2024-03-31 02:30\n3,2024-03-31 03:00\n4,2024-10-27 02:30\n5,2024-10-27 03:00\n"
        orders.land(text, columns=self.SAID)

        assert [(record, kind) for record, kind, _ in reasons(orders)] == [(2, "skipped_hour"), (4, "repeated_hour")]
        assert "clocks in Europe/Berlin skip" in reasons(orders)[0][2]
        assert orders.ids() == [1, 3, 5]

    def test_a_parquet_time_without_a_zone_is_held_to_the_same(self, orders: Delivering) -> None:
        """
        A typed clock time is read in the zone of the contract, and its doubtful hour goes to quarantine.
        """
        rows = pa.table({"id": [1, 2], "at": [datetime(2024, 7, 15, 12), datetime(2024, 10, 27, 2, 30)]})
        pq.write_table(rows, orders.root / "data" / "orders.parquet")
        orders.land(path="data/orders.parquet", columns=self.SAID)

        assert orders.rows() == [{"id": 1, "at": datetime(2024, 7, 15, 10, tzinfo=UTC)}]
        assert [kind for _, kind, _ in reasons(orders)] == ["repeated_hour"]


class TestMissing:
    TEXT = "id,age,plan\n1,34,gold\n2,999,Select\n3,-1,?\n4,96,gold\n5,98,gold\n"

    def test_stand_ins_that_are_not_declared_break_the_contract(self, orders: Delivering) -> None:
        """
        By the limits and the allowed values, never taken for values.
        """
        said = columns(age={"type": "integer", "minimum": 0, "maximum": 95}, plan={"type": "text", "allowed": ["gold", "silver"]})
        orders.land(self.TEXT, columns=said)

        assert orders.ids() == [1]
        assert [(record, kind) for record, kind, _ in reasons(orders)] == [(2, "maximum"), (3, "minimum"), (4, "maximum"), (5, "maximum")]
        assert orders.quarantine()[0]["more"] == "'Select' is none of gold, silver"

    def test_declared_stand_ins_are_nulls_and_counted(self, orders: Delivering) -> None:
        """
        Each column has its own; how many there were is noted with the delivery.
        """
        said = columns(
            age={"type": "integer", "null_text": ["999", "-1", "96", "98"], "minimum": 0, "maximum": 95},
            plan={"type": "text", "null_text": ["Select", "?"], "allowed": ["gold", "silver"]},
        )
        orders.land(self.TEXT, columns=said)

        assert [row["age"] for row in orders.rows()] == [34, None, None, None, None]
        assert orders.landings()["orders.csv"].nulls == {"age": 4, "plan": 2}

    def test_they_are_nulls_in_a_typed_file_too(self, orders: Delivering) -> None:
        """
        A number that stands for nothing is one whether it is written 999 or 999.0.
        """
        pq.write_table(pa.table({"id": [1, 2], "age": [34.0, 999.0]}), orders.root / "data" / "orders.parquet")
        orders.land(path="data/orders.parquet", columns=columns(age={"type": "number", "null_text": ["999"]}))

        assert [row["age"] for row in orders.rows()] == [34.0, None]

    def test_no_number_is_not_a_number(self, orders: Delivering) -> None:
        """
        NaN in a Parquet file is no null unless it is declared as one.
        """
        pq.write_table(pa.table({"id": [1, 2], "age": [34.0, float("nan")]}), orders.root / "data" / "orders.parquet")
        orders.land(path="data/orders.parquet", columns=columns(age={"type": "number"}))
        undeclared = reasons(orders)
        orders.land(path="data/orders.parquet", columns=columns(age={"type": "number", "null_text": ["nan"]}))

        assert undeclared == [(2, "type", "'nan' is not a number")]
        assert [row["age"] for row in orders.rows()] == [34.0, None]

    def test_an_empty_text_is_a_text_where_it_does_not_mean_null(self, orders: Delivering) -> None:
        """
        Only what is declared means null.
        """
        orders.land('id,said\n1,\n2,""\n3,NA\n', columns=columns(said={"type": "text", "null_text": ["NA"]}))

        assert [row["said"] for row in orders.rows()] == ["", "", None]


class TestTypes:
    def test_types_that_change_between_monthly_files_are_held_to_one_contract(self, orders: Delivering) -> None:
        """
        Integers in one month, texts in the next, fractions in a third: each read by itself, what does not fit in quarantine.
        """
        months = {"1": pa.array([1, 2]), "2": pa.array(["3", "four"]), "3": pa.array([5.0, 6.5])}
        for month, values in months.items():
            table = pa.table({"id": [int(month) * 10, int(month) * 10 + 1], "n": values})
            pq.write_table(table, orders.root / "data" / f"orders_{month}.parquet")
        orders.land(path="data/orders_*.parquet", columns=columns(n={"type": "integer"}))

        assert [row["n"] for row in orders.rows()] == [1, 2, 3, 5]
        assert [row["reason"] for row in orders.quarantine()] == ["'four' is not an integer", "'6.5' is not an integer"]

    @pytest.mark.parametrize(
        ("form", "text", "value"),
        [("1,5", "2,6", 2.6), ("1.234,5", "1.234,5", 1234.5), ("1,234.5", '"1,234.5"', 1234.5), ("1 234,5", "1 234,5", 1234.5)],
    )
    def test_a_number_is_read_as_its_format_says(self, orders: Delivering, form: str, text: str, value: float) -> None:
        """
        And what is written otherwise is not: grouped wrongly, or with the other mark.
        """
        body = f"id;n\n1;{text}\n2;12x\n3;1.2.3\n"
        orders.land(body.replace('"', ""), delimiter=";", columns=columns(n={"type": "number", "format": form}))

        assert [row["n"] for row in orders.rows()] == [value]
        assert [record for record, _, _ in reasons(orders)] == [2, 3]

    def test_a_decimal_comma_that_is_not_declared_is_pointed_out(self, orders: Delivering) -> None:
        """
        The reason has the hint.
        """
        orders.land("id;n\n1;2,5\n", delimiter=";", columns=columns(n={"type": "number"}))

        assert reasons(orders) == [(1, "type", "'2,5' is not a number: a decimal comma? write the format")]

    def test_a_missing_value_where_one_is_required_is_told(self, orders: Delivering) -> None:
        """
        Where the contract says so, and always in what names a row or dates it.
        """
        orders.land(
            "id,n,at\n,1,2024-01-01\n2,,2024-01-01\n3,1,\n",
            known_time="at",
            columns=columns(n={"type": "number", "required": True}, at={"type": "timestamp"}),
        )

        assert [(row["column"], row["kind"]) for row in orders.quarantine()] == [("id", "missing"), ("n", "missing"), ("at", "missing")]
