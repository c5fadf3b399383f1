"""A change of unit between deliveries is told with column, delivery and ratio; a season, growth or noise is not."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from shipworthy.data.landing.levels import FEWEST_ROWS, level_jump
from shipworthy.data.landing.standing import standing
from shipworthy.data.landing.verdicts import said
from shipworthy.records import Verdict

from .delivering import AT, Delivering

COLUMNS: dict[str, Any] = {"id": {"type": "integer", "steady": False}, "x": {"type": "number"}}
CHANGES = {
    "kilometres": (lambda x: x * 1.609344, "1.6 times"),
    "miles": (lambda x: x / 1.609344, "1/1.609 of"),
    "pounds": (lambda x: x * 2.204623, "2.205 times"),
    "tenth": (lambda x: x / 10, "1/10 of"),
    "cents": (lambda x: x * 100, "100 times"),
    "grams": (lambda x: x * 1000, "1000 times"),
    "fahrenheit": (lambda x: x * 1.8 + 32, "1.8 times, plus 32"),
    "celsius": (lambda x: (x - 32) / 1.8, "(less 32) 1/1.8"),
}  # fmt: skip


def deliver(orders: Delivering, months: list[list[float]], **changes: Any) -> Verdict | None:
    """Land one delivery for each month, and return what is said of levels."""
    for month, values in enumerate(months):
        rows = "".join(f"{month * 1000 + place},{value}\n" for place, value in enumerate(values))
        orders.put("id,x\n" + rows, f"orders_{month:02}.csv")
    orders.land(columns=COLUMNS, **changes)
    return level_jump(orders.contract(columns=COLUMNS), standing(orders.lake, "orders").landings)


def usual(seed: int, middle: float = 20, spread: float = 5, rows: int = 200) -> list[float]:
    random = Random(seed)
    return [random.gauss(middle, spread) for _ in range(rows)]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_unit_is_told(change: str, orders: Delivering) -> None:
    """
    Months in one unit, then one in another: the verdict names the column, the delivery and the ratio.
    """
    convert, words = CHANGES[change]
    verdict = deliver(orders, [usual(1), usual(2), [convert(x) for x in usual(3)]])

    assert verdict is not None
    assert verdict.outcome == "fail"
    assert f"orders.x in data/orders_02.csv is {words}" in verdict.words
    assert "steady: false" in verdict.fix


CLEAN = {
    "noise": [usual(seed) for seed in range(6)],
    "a season": [usual(seed, 10 + 8 * abs(6 - seed)) for seed in range(12)],
    "growth": [usual(seed, 20 * 1.2**seed) for seed in range(6)],
    "one value": [[1.0] * 100, [10.0] * 100],
    "few rows": [usual(1, rows=FEWEST_ROWS - 1), [x * 10 for x in usual(2, rows=FEWEST_ROWS - 1)]],
}


@pytest.mark.parametrize("clean", CLEAN)
def test_what_is_no_change_of_unit_is_not_told(clean: str, orders: Delivering) -> None:
    """
    Noise, a season, growth, a constant, a few rows.
    """
    verdict = deliver(orders, CLEAN[clean])

    assert verdict is None or verdict.outcome == "pass", verdict


def test_one_delivery_has_nothing_to_be_compared_with(orders: Delivering) -> None:
    """
    No verdict, which is not a pass.
    """
    assert deliver(orders, [usual(1)]) is None


class TestWhatElseIsSaid:
    def verdicts(self, orders: Delivering, as_of: datetime = AT, **changes: Any) -> dict[str, Verdict]:
        orders.said = orders.said | changes
        landed = orders.land()
        return {verdict.name: verdict for verdict in said(orders.lake, orders.contract(), as_of, landed.gone)}

    def put_days(self, orders: Delivering, rows: list[int]) -> None:
        """Deliver so many rows for each day from 1 May on."""
        start = datetime(2026, 5, 1, 8, tzinfo=UTC)
        days = [
            f"{day * 1000 + place},{start + timedelta(days=day, minutes=place)}\n"
            for day, count in enumerate(rows)
            for place in range(count)
        ]
        orders.put("id,at\n" + "".join(days))
        orders.said |= {
            "known_time": "at",
            "columns": {"id": {"type": "integer"}, "at": {"type": "timestamp"}},
            "period": {"column": "at", "every": "day"},
        }

    @pytest.mark.parametrize(("last", "outcome"), [(3, "fail"), (25, "pass")])
    def test_a_partial_last_period_is_told(self, orders: Delivering, last: int, outcome: str) -> None:
        """
        Far fewer rows than on the same weekdays before fail; a weak day does not.
        """
        self.put_days(orders, [30] * 28 + [last])
        verdict = self.verdicts(orders)["last_period"]

        assert verdict.outcome == outcome
        assert f"the last day, from 2026-05-29 00:00, has {last} rows, the 4 days like it 30 to 30" in verdict.words

    def test_a_period_that_is_not_over_is_not_judged(self, orders: Delivering) -> None:
        """
        Today is not whole yet: yesterday is looked at.
        """
        self.put_days(orders, [30] * 36 + [3])
        verdict = self.verdicts(orders, datetime(2026, 6, 6, 12, tzinfo=UTC))["last_period"]

        assert (verdict.outcome, "from 2026-06-05" in verdict.words) == ("pass", True)

    def test_a_short_history_cannot_tell(self, orders: Delivering) -> None:
        """
        With fewer than three of its like it is unknown.
        """
        self.put_days(orders, [30] * 10)

        assert self.verdicts(orders)["last_period"].outcome == "unknown"

    @pytest.mark.parametrize(("hours", "outcome"), [(20, "pass"), (30, "fail")])
    def test_freshness_is_held_to_what_the_contract_wants(self, orders: Delivering, hours: int, outcome: str) -> None:
        """
        By the newest row that was known at the moment.
        """
        self.put_days(orders, [1] * 10)
        at = datetime(2026, 5, 10, 8, tzinfo=UTC) + timedelta(hours=hours)

        assert self.verdicts(orders, at, freshness="1 day")["source_freshness"].outcome == outcome

    def test_the_quarantine_is_judged_by_its_bound(self, orders: Delivering) -> None:
        """
        How many of the newest records, how many are open, what for; what is not in the contract, and what has gone.
        """
        orders.put("id,x,rebate\n1,1,0\n2,dear,0\n", "orders_1.csv")
        first = self.verdicts(orders, columns=COLUMNS, quarantine_at_most=0.5)["quarantine"]
        (orders.root / "data" / "orders_1.csv").unlink()
        orders.put("id,x\n3,3\n", "orders_2.csv")
        second = self.verdicts(orders)["quarantine"]
        third = self.verdicts(orders, quarantine_at_most=0)["quarantine"]

        assert (first.outcome, first.evidence["quarantined"]) == ("pass", 1)
        assert "1 are open in all, 1 by x, for example 'dear' is not a number; not in the contract: rebate" in first.words
        assert "0 of the 1 newest records" in second.words
        assert "1 deliveries have gone and stay landed, for example data/orders_1.csv" in second.words
        assert third.outcome == "pass"
