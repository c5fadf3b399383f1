"""Quarantine: what breaks its contract is kept with its text, until it keeps the contract; never twice, never lost."""

import json

import pytest

from shipworthy.data.landing import Mending

from .delivering import CONTRACT, GOOD, HEAD, Delivering

BROKEN = GOOD + "3,,,free,maybe,x\n"


def test_a_record_comes_with_all_that_is_wrong_and_its_text(orders: Delivering) -> None:
    """
    Delivery, number, the first column that breaks the contract and why, what else does, and the record as it came.
    """
    orders.land(BROKEN)
    (row,) = orders.quarantine()

    assert (row["delivery"], row["record"], row["column"], row["kind"]) == ("data/orders.csv", 3, "price", "type")
    assert (row["reason"], row["more"]) == ("'free' is not a number", "'maybe' is not true or false")
    assert json.loads(row["text"]) == {"id": "3", "at": "", "day": "", "price": "free", "paid": "maybe", "said": "x"}
    assert orders.ids() == [1, 2]


def test_the_same_delivery_puts_nothing_there_twice(orders: Delivering) -> None:
    """
    Landed again, or written anew with the same broken record: it is there once.
    """
    orders.land(BROKEN)
    orders.land()
    orders.land(BROKEN.replace("hello", "bye"))

    assert len(orders.quarantine(None)) == 1


def test_a_mended_file_takes_its_record_out(orders: Delivering) -> None:
    """
    The record keeps the contract now, and the quarantine says so; one that is delivered no more is withdrawn.
    """
    orders.land(BROKEN + "4,,,free,,\n")
    orders.land(GOOD + "3,,,3,true,x\n")

    assert [(row["record"], row["state"]) for row in orders.quarantine(None)] == [(3, "landed"), (4, "withdrawn")]
    assert orders.ids() == [1, 2, 3]


def test_a_mended_contract_is_what_records_are_tried_under(orders: Delivering) -> None:
    """
    Under the contract as it is now a record that was refused is a row, and one that was a row may be refused.
    """
    orders.land(HEAD + "1,,,5,,\n2,,,-1,,\n")
    price = {"price": {"type": "number", "minimum": 0}}
    orders.land(columns=CONTRACT["columns"] | price)
    refused = orders.ids(), len(orders.quarantine())
    orders.land()

    assert refused == ([1], 1)
    assert (orders.ids(), orders.quarantine()) == ([1, 2], [])


def test_replay_needs_no_file(orders: Delivering) -> None:
    """
    The record is tried by its text: its delivery may be gone.
    """
    orders.land(HEAD + "1,,,5,,\n2,,,free,,\n")
    (orders.root / "data" / "orders.csv").unlink()
    said = CONTRACT["columns"] | {"price": {"type": "number", "null_text": ["", "free"]}}
    orders.replay(columns=said)

    assert orders.ids() == [1, 2]
    assert [row["state"] for row in orders.quarantine(None)] == ["landed"]


def test_replay_under_the_same_contract_changes_nothing(orders: Delivering) -> None:
    """
    What breaks it still breaks it, and stays as it is.
    """
    orders.land(BROKEN)
    before = orders.quarantine(None)
    orders.replay()

    assert orders.quarantine(None) == before


class TestMending:
    def mend(self, orders: Delivering, **values: str) -> None:
        (row,) = orders.quarantine()
        orders.replay(Mending({row["id"]: json.dumps(json.loads(row["text"]) | values)}, "ana", "a typo"))

    def test_a_corrected_record_is_landed_and_its_history_kept(self, orders: Delivering) -> None:
        """
        What came stays as it came; who changed it to what, when and why stands beside it.
        """
        orders.land(BROKEN)
        self.mend(orders, price="3", paid="true")
        (row,) = orders.quarantine(None)
        (step,) = json.loads(row["history"])

        assert (orders.ids(), row["state"]) == ([1, 2, 3], "landed")
        assert json.loads(row["text"])["price"] == "free"
        assert (step["who"], step["why"], json.loads(step["to"])["price"]) == ("ana", "a typo", "3")

    def test_a_correction_that_does_not_do_stays_open(self, orders: Delivering) -> None:
        """
        It is held to the contract like any other record, and says what is wrong now.
        """
        orders.land(BROKEN)
        self.mend(orders, price="3")

        assert [(row["column"], row["reason"]) for row in orders.quarantine()] == [("paid", "'maybe' is not true or false")]

    def test_a_correction_outlives_another_contract(self, orders: Delivering) -> None:
        """
        The deliveries are read again, and the corrected record stands in for what its delivery holds.
        """
        orders.land(BROKEN)
        self.mend(orders, price="3", paid="true")
        orders.land(columns=CONTRACT["columns"] | {"said": {"type": "text", "required": False, "allowed": ["hello", "x"]}})

        assert orders.ids() == [1, 2, 3]
        assert orders.quarantine() == []

    def test_a_correction_is_not_put_on_another_record(self, orders: Delivering) -> None:
        """
        The file has changed: what stands at the same place now is a record of its own.
        """
        orders.land(BROKEN)
        self.mend(orders, price="3", paid="true")
        orders.land(GOOD + "7,,,dear,true,y\n")

        assert orders.ids() == [1, 2]
        assert [row["reason"] for row in orders.quarantine()] == ["'dear' is not a number"]

    def test_a_conflict_ends_when_a_person_corrects_one_side(self, orders: Delivering) -> None:
        """
        Both say the same then: it counts once.
        """
        orders.land(HEAD + "1,,,1,,\n", "orders_1.csv")
        orders.land(HEAD + "1,,,2,,\n", "orders_2.csv")
        wrong = orders.quarantine()[1]
        orders.replay(Mending({wrong["id"]: wrong["text"].replace('"2.0"', '"1"')}, "ana", "it was 1"))

        assert [row["price"] for row in orders.rows()] == [1.0]
        assert [row["state"] for row in orders.quarantine(None)] == ["landed", "landed"]


@pytest.mark.parametrize(("bound", "landed"), [(0.34, True), (0.33, False)])
def test_the_bound_is_on_the_share_of_the_new_records(orders: Delivering, bound: float, landed: bool) -> None:
    """
    Up to it records go to quarantine one by one; beyond it nothing is landed, and what broke is shown.
    """
    if landed:
        assert orders.land(BROKEN, quarantine_at_most=bound).rows == 2
    else:
        assert "1 by price, for example 'free' is not a number" in orders.refused(BROKEN, quarantine_at_most=bound).what
