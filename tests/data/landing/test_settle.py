"""The same row told by several records: once where they agree, in quarantine where they do not, whatever the order."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from .delivering import HEAD, Delivering

DELIVERIES = {
    "orders_a.csv": HEAD + "1,,,1,,a\n2,,,2,,a\n3,,,3,,a\n",
    "orders_b.csv": HEAD + "2,,,2,,a\n3,,,3,,b\n4,,,4,,a\n",
    "orders_c.csv": HEAD + "2,,,2,,a\n3,,,3,,a\n5,,,x,,a\n4,,,4,,a\n",
}


def state(orders: Delivering) -> tuple[Any, ...]:
    return orders.rows(), [(row["delivery"], row["record"], row["column"], row["kind"], row["text"]) for row in orders.quarantine()]


def test_the_same_days_delivered_twice_count_once_and_are_counted(orders: Delivering) -> None:
    """
    Overlapping files that agree: every row once, the repeats noted with the delivery that repeats.
    """
    orders.land(HEAD + "1,,,1,,\n2,,,2,,\n", "orders_1.csv")
    orders.land(HEAD + "2,,,2,,\n3,,,3,,\n", "orders_2.csv")
    entry = orders.landings()["orders_2.csv"]

    assert orders.ids() == [1, 2, 3]
    assert (entry.records, entry.landed, entry.repeated, entry.quarantined) == (2, 1, 1, 0)


def test_a_repeat_within_one_delivery_counts_once(orders: Delivering) -> None:
    """
    A line that stands twice in a file is one row.
    """
    orders.land(HEAD + "1,,,1,,\n1,,,1,,\n")

    assert orders.ids() == [1]
    assert orders.landings()["orders.csv"].repeated == 1


def test_contents_that_differ_are_a_conflict_and_all_of_them_go(orders: Delivering) -> None:
    """
    Nobody can decide which is so: the row landed before goes to quarantine too, and its repeat, each with its place and text.
    """
    orders.land(HEAD + "1,,,1,,\n2,,2026-01-02,2.5,,x\n", "orders_1.csv")
    orders.land(HEAD + "2,,2026-01-02,2.5,,x\n", "orders_2.csv")
    orders.land(HEAD + "2,,2026-01-02,2.6,,x\n", "orders_3.csv")

    assert orders.ids() == [1]
    assert [(row["delivery"], row["record"], row["kind"]) for row in orders.quarantine()] == [
        ("data/orders_1.csv", 2, "conflict"),
        ("data/orders_2.csv", 1, "conflict"),
        ("data/orders_3.csv", 1, "conflict"),
    ]
    assert '"price":"2.6"' in orders.quarantine()[2]["text"]


def test_a_correction_that_became_known_later_is_a_row_of_its_own(orders: Delivering) -> None:
    """
    With a known time, key and known time together name a row.
    """
    columns = {"id": {"type": "integer"}, "at": {"type": "timestamp"}, "price": {"type": "number"}}
    text = "id,at,price\n1,2026-01-01,5\n1,2026-01-02,6\n"

    assert orders.land(text, known_time="at", columns=columns).rows == 2
    assert orders.quarantine() == []


def test_without_a_key_every_record_is_a_row(orders: Delivering) -> None:
    """
    Nothing says that two equal records are one.
    """
    assert orders.land(HEAD + "1,,,1,,\n1,,,1,,\n", key=[]).rows == 2


@pytest.mark.parametrize("order", list(permutations(DELIVERIES)), ids=lambda order: "".join(name[7] for name in order))
def test_the_order_of_deliveries_does_not_matter(order: tuple[str, ...], tmp_path: Path) -> None:
    """
    One by one in any order, or all at once: the same rows, and the same records in quarantine.
    """
    together, apart = Delivering(tmp_path / "together"), Delivering(tmp_path / "apart")
    for name, text in DELIVERIES.items():
        together.put(text, name)
    together.land()
    for name in order:
        apart.land(DELIVERIES[name], name)

    assert state(apart) == state(together)
    assert apart.ids() == [1, 2, 4]
    assert sorted(row["kind"] for row in apart.quarantine()) == ["conflict", "conflict", "conflict", "type"]


def test_a_conflict_ends_when_a_delivery_is_mended(orders: Delivering) -> None:
    """
    The file that told otherwise is written again: what all say now is landed, and the quarantine says what became of its records.
    """
    orders.land(HEAD + "1,,,1,,\n", "orders_1.csv")
    orders.land(HEAD + "1,,,2,,\n", "orders_2.csv")
    orders.land(HEAD + "1,,,1,,\n", "orders_2.csv")

    assert [row["price"] for row in orders.rows()] == [1.0]
    assert [row["state"] for row in orders.quarantine(None)] == ["landed", "landed"]


def test_a_row_stays_while_one_delivery_still_tells_it(orders: Delivering) -> None:
    """
    The delivery that landed it does not tell it any more, another does: the row is that one's now.
    """
    orders.land(HEAD + "1,,,1,,\n2,,,2,,\n", "orders_1.csv")
    orders.land(HEAD + "2,,,2,,\n", "orders_2.csv")
    orders.land(HEAD + "1,,,1,,\n", "orders_1.csv")
    after = orders.ids()
    orders.land(HEAD + "7,,,2,,\n", "orders_2.csv")

    assert after == [1, 2]
    assert orders.ids() == [1, 7]
