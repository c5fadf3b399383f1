"""What dbt's YAML says of a column's knowledge reaches the checks, on a project that is really built."""

from pathlib import Path

import pytest

from shipworthy.errors import BadData, UnknownName
from shipworthy.flows.build import build
from shipworthy.flows.check import check
from shipworthy.flows.train import train

from ..conftest import BUILT, MODEL, TRAINED, Shop, opened

pytestmark = pytest.mark.journey  # dbt builds the project anew

ORDERS = "select order_id, shop, distance, items, ordered_at from"
LATER = "select order_id, shop, distance, items, ordered_at, ordered_at + interval 1 hour * (items > 5)::int as counted_at from"
ITEMS = "- {name: items, description: How many dishes.}"


def with_items(root: Path, meta: str) -> Shop:
    """Return the shop whose dishes are counted an hour later where they are many, as dbt's YAML says with `meta`."""
    shop = opened(root)
    shop.rewrite("models/orders.sql", ORDERS, LATER)
    told = f"- {{name: items, description: How many dishes., config: {{meta: {{shipworthy: {{{meta}}}}}}}}}"
    shop.rewrite("models/models.yml", ITEMS, told)
    return shop


def test_a_value_that_was_known_after_the_decision_refuses_the_training(unbuilt: Path) -> None:
    """
    The rows are counted and one is shown, with the moments of decision and record; `check` and `train` say the same.
    """
    shop = with_items(unbuilt, "known_time: counted_at")
    assert build(shop.project, shop.book, BUILT).outcome == "pass"

    found = [verdict for verdict in check(shop.project, shop.book, TRAINED).verdicts if verdict.name == "availability"]
    with pytest.raises(BadData, match=r"rows a value of orders\.items that was recorded after the decision, for example o0"):
        train(shop.project, shop.book, MODEL, TRAINED)

    assert [(verdict.subject, verdict.outcome) for verdict in found] == [(f"{MODEL}.items", "fail")]
    assert {row["items"] for row in found[0].evidence["rows"]} == {6}
    shop.book.dispose()


@pytest.mark.parametrize(
    ("meta", "words"),
    [("known_tme: counted_at", "no key 'known_tme'.*known_time"), ("known_time: counted", "no column 'counted'.*counted_at")],
    ids=["key", "column"],
)
def test_a_typo_in_what_a_column_says_is_answered_with_the_nearest(unbuilt: Path, meta: str, words: str) -> None:
    """
    What nothing would read is an error of the build, not a silence.
    """
    shop = with_items(unbuilt, meta)

    with pytest.raises(UnknownName, match=f"(?s){words}"):
        build(shop.project, shop.book, BUILT)
    shop.book.dispose()
