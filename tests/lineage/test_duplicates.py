"""Expressions that are computed twice: what must be found, and what must not."""

from pathlib import Path

import pytest

from shipworthy.gateways.manifest import read_manifest
from shipworthy.lineage.build import build
from shipworthy.lineage.duplicates import Duplicate, duplicates
from shipworthy.lineage.statements import read

from .manifests import columns, node, written

FROM = '"shop"."main"'
MART = {"config": {"meta": {"shipworthy": {"entity": "customer", "event_time": "week"}}}}
STAGED = f"select id, customer, at, amount, qty, amount * qty as worth from {FROM}.orders"


def found(folder: Path, *models: str, **more: dict[str, object]) -> list[Duplicate]:
    """Return what is computed twice in models called a, b, c: all read the source, the staged orders and each other's predecessors."""
    names = "abc"[: len(models)]
    parents = ("source.shop.landed.orders", "source.shop.landed.shops", "model.shop.stg")
    nodes = [
        node("source", "orders", group="landed", columns=columns("id", "customer", "at", "amount", "qty", "shop")),
        node("source", "shops", group="landed", columns=columns("shop", "rate")),
        node("model", "stg", STAGED, parents[:2], raw_code=STAGED),
    ]
    for place, (name, sql) in enumerate(zip(names, models, strict=True)):
        before = (f"model.shop.{other}" for other in names[:place])
        nodes.append(node("model", name, sql, (*parents, *before), raw_code=sql, **more.get(name, {})))
    manifest = read_manifest(written(folder / "manifest.json", nodes))
    reading = read(manifest)
    return duplicates(manifest, reading, build(manifest, reading))


def spots(twice: list[Duplicate]) -> list[list[str]]:
    return [[f"{spot.relation}.{spot.column}" for spot in one.spots] for one in twice]


MUST = {
    "under another name": (f"select id, qty * amount as total from {FROM}.orders",),
    "looked through a model in between": (
        f"select customer, sum(worth) as spent from {FROM}.stg group by customer",
        f"select customer, sum(amount * qty) as paid from {FROM}.orders group by 1",
    ),
    "in a CTE and in other words": (
        f"select customer, count(*) filter (where amount > 10 and qty = 1) as large from {FROM}.orders group by customer",
        f"with o as (select * from {FROM}.stg) select customer, count_if(qty = 1 and 10 < amount) as big from o group by all",
    ),
    "a window": (
        f"select id, avg(amount) over (partition by customer order by at rows 6 preceding) as mean from {FROM}.orders",
        f"select id, avg(amount) over w as usual from {FROM}.stg window w as (partition by customer order by at rows 6 preceding)",
    ),
    "over a join": (
        f"select o.id, o.amount * s.rate as fee from {FROM}.orders o join {FROM}.shops s using (shop)",
        f"select orders.id, rate * amount as charge from {FROM}.shops join {FROM}.orders on orders.shop = shops.shop",
    ),
    "twice in one model": (f"select id, amount / qty as price, amount / qty as unit_price from {FROM}.orders",),
}


@pytest.mark.parametrize("models", MUST.values(), ids=MUST)
def test_what_must_be_found(models: tuple[str, ...], tmp_path: Path) -> None:
    """
    By what it is made of down to the sources: not by its name, nor by how it is written.
    """
    assert len(spots(found(tmp_path, *models))) == 1


MUST_NOT = {
    "handed on": (f"select worth from {FROM}.stg", f"select worth as value from {FROM}.a"),
    "a cast": (f"select amount::integer as amount from {FROM}.orders", f"select cast(amount as integer) as whole from {FROM}.orders"),
    "one operation on one column": (f"select lower(customer) as c from {FROM}.orders", f"select lower(customer) as name from {FROM}.stg"),
    "a constant": (f"select 1 + 1 as two from {FROM}.orders", f"select 1 + 1 as pair from {FROM}.stg"),
    "another filter": (
        f"select customer, sum(amount) as spent from {FROM}.orders where qty > 1 group by customer",
        f"select customer, sum(amount) as spent from {FROM}.orders where qty > 2 group by customer",
    ),
    "another grain": (
        f"select customer, sum(amount) as spent from {FROM}.orders group by customer",
        f"select at::date as day, sum(amount) as spent from {FROM}.orders group by 1",
    ),
    "what rows are grouped by": (
        f"select date_trunc('week', at) + interval 7 day as week, sum(qty) as n from {FROM}.orders group by 1",
        f"select date_trunc('week', at) + interval 7 day as week, sum(amount) as n from {FROM}.orders group by 1",
    ),
    "one lookup at two hours": (
        f"select o.id, coalesce(n.amount, 0) + n.qty as now from {FROM}.orders o left join {FROM}.stg n on n.id = o.id and n.at = o.at",
        f"select o.id, coalesce(n.amount, 0) + n.qty as then from {FROM}.orders o left join {FROM}.stg n on n.id = o.id and n.at = o.at+1",
    ),
    "what may not be swapped": (f"select amount - qty as a from {FROM}.orders", f"select qty - amount as b from {FROM}.orders"),
}


@pytest.mark.parametrize("models", MUST_NOT.values(), ids=MUST_NOT)
def test_what_must_not_be_found(models: tuple[str, ...], tmp_path: Path) -> None:
    """
    What is handed on, cast, a key, or small is nobody's invention; other rows give another number.
    """
    assert spots(found(tmp_path, *models)) == []


def test_declared_keys_and_times_are_no_duplicates(tmp_path: Path) -> None:
    """
    Two relations of one entity have the same key: that is what joins them.
    """
    sql = f"select customer, date_trunc('week', at) + interval 7 day as week, {{}} as x from {FROM}.orders"

    assert spots(found(tmp_path, sql.format("amount"), sql.format("qty"), a=MART, b=MART)) == []
    assert spots(found(tmp_path, sql.format("amount"), sql.format("qty"))) == [["a.week", "b.week"]]


def test_a_duplicate_names_file_line_and_sources(tmp_path: Path) -> None:
    """
    Both places, as an editor opens them, and what the expression is made from.
    """
    (twice,) = found(tmp_path, f"select\n  id,\n  qty * amount as total\nfrom {FROM}.orders")

    assert [spot.words for spot in twice.spots] == ["stg.worth (models/stg.sql:1)", "a.total (models/a.sql:3)"]
    assert twice.made_from == ("landed.orders.amount", "landed.orders.qty")
