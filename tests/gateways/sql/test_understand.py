"""What a query is found to say, in the ways in which people write queries."""

import pytest

from shipworthy.gateways.sql import NotUnderstood, Statement, understand

TABLES: dict[str, tuple[str, ...] | None] = {
    '"shop"."main"."orders"': ("id", "shop", "amount", "qty", "at"),
    '"shop"."main"."shops"': ("shop", "city", "size"),
    '"shop"."main"."unknown"': None,
}


def said(sql: str, dialect: str = "duckdb") -> Statement:
    return understand(sql, dialect, TABLES)


def columns(statement: Statement) -> dict[str, str]:
    """Return each column as `how: what it is made from`."""
    return {output.name: f"{output.how}: {_listed(output.reads)}" for output in statement.outputs}


def _listed(reads: tuple[tuple[str, str | None], ...]) -> str:
    return ", ".join(f"{table.split('.')[-1].strip(chr(34))}.{column or '*'}" for table, column in reads)


MADE_FROM = {
    "a rename": ("select id as number from orders", {"number": "same: orders.id"}),
    "a star with exclude and replace": (
        "select * exclude (qty, at) replace (amount + 1 as amount) from shop.main.orders",
        {"id": "same: orders.id", "shop": "same: orders.shop", "amount": "computed: orders.amount"},
    ),
    "a star of one of two": (
        "select s.*, o.id from orders o left join shops s using (shop)",
        {"shop": "same: shops.shop", "city": "same: shops.city", "size": "same: shops.size", "id": "same: orders.id"},
    ),
    "names without a table": (
        "select qty, city from orders join shops using (shop)",
        {"qty": "same: orders.qty", "city": "same: shops.city"},
    ),
    "CTEs, one upon the other": (
        "with a as (select *, amount * qty as worth from orders), b as (select shop, sum(worth) as worth from a group by shop) "
        "select shop, worth from b",
        {"shop": "same: orders.shop", "worth": "computed: orders.amount, orders.qty"},
    ),
    "an ASOF join": (
        "select o.id, s.size from orders o asof left join shops s on o.shop = s.shop and o.at >= s.size",
        {"id": "same: orders.id", "size": "same: shops.size"},
    ),
    "a named window": (
        "select sum(amount) over w as s from orders window w as (partition by shop order by at rows 2 preceding)",
        {"s": "computed: orders.amount, orders.at, orders.shop"},
    ),
    "a union": ("select id from orders union all select size from shops", {"id": "same: orders.id, shops.size"}),
    "a union by name": (
        "select id, shop from orders union all by name select shop, size as id from shops",
        {"id": "same: orders.id, shops.size", "shop": "same: orders.shop, shops.shop"},
    ),
    "an earlier column of the same select": (
        "select at::date as d, d + 1 as e from orders",
        {"d": "computed: orders.at", "e": "computed: orders.at"},
    ),
    "a subquery for a value": ("select (select max(at) from orders) as last from shops", {"last": "computed: orders.at"}),
    "a subquery that is correlated": (
        "select id, exists (select 1 from shops where shops.shop = orders.shop) as known from orders",
        {"id": "same: orders.id", "known": "computed: orders.shop, shops.shop"},
    ),
    "a lambda": ("select list_transform([amount], x -> x + qty) as l from orders", {"l": "computed: orders.amount, orders.qty"}),
    "a table function": (
        "select id, u.v from orders, unnest([amount, qty]) as u(v)",
        {"id": "same: orders.id", "v": "computed: orders.amount, orders.qty"},
    ),
    "rows that are counted": (
        "select shop, count(*) as n from orders group by all",
        {"shop": "same: orders.shop", "n": "computed: orders.*"},
    ),
    "other spellings of names": ('select Id, AMOUNT as "Total" from ORDERS', {"Id": "same: orders.id", "Total": "same: orders.amount"}),
    "from before select": ("from orders select amount", {"amount": "same: orders.amount"}),
    "a query that is recursive": (
        "with recursive r as (select id, 1 as n from orders union all select r.id, r.n + 1 from r join shops on shops.size = r.id) "
        "select id from r",
        {"id": "same: orders.id"},
    ),
    "a constant": ("select 1 as one from orders", {"one": "computed: "}),
    "columns of a table nobody knows": ("select foo from unknown", {"foo": "same: unknown.foo"}),
}


@pytest.mark.parametrize(("sql", "expected"), MADE_FROM.values(), ids=MADE_FROM)
def test_what_a_column_is_made_from(sql: str, expected: dict[str, str]) -> None:
    """
    However it is written, each column is followed down to the tables, and nothing is left untold.
    """
    found = said(sql)

    assert columns(found) == expected
    assert found.vague == ()


ROWS = {
    "where": ("select id from orders where amount > 3", "orders.amount"),
    "join": ("select id from orders join shops using (shop)", "orders.shop, shops.shop"),
    "group": ("select max(id) from orders group by shop", "orders.shop"),
    "qualify": ("select id from orders qualify row_number() over (partition by shop order by at) = 1", "orders.at, orders.shop"),
    "in": ("select id from orders where shop in (select shop from shops where size > 3)", "orders.shop, shops.shop, shops.size"),
    "distinct on": ("select distinct on (shop) id from orders order by at", "orders.at, orders.shop"),
    "limit": ("select id from orders order by at limit 3", "orders.at"),
    "order alone": ("select id from orders order by at", ""),
    "below": ("with a as (select * from orders where qty = 1) select id from a", "orders.qty"),
}


@pytest.mark.parametrize(("sql", "expected"), ROWS.values(), ids=ROWS)
def test_what_decides_the_rows(sql: str, expected: str) -> None:
    """
    Filters, joins and groupings are told apart from what columns are made of; an order alone decides nothing.
    """
    assert _listed(said(sql).rows) == expected


def test_a_star_of_a_table_nobody_knows_stays_open() -> None:
    """
    What is handed on whole is told as such, with the names that are left out.
    """
    found = said("select * exclude (secret) from unknown")

    assert (found.open, found.shut, found.outputs) == (('"shop"."main"."unknown"',), ("secret",), ())


def test_files_and_tables_that_nobody_named_are_told() -> None:
    """
    A file read in the SQL, or a table by its full name, is outside of what dbt knows.
    """
    found = said("select a.x, b.y from read_csv('a.csv') as a join other.prices as b on a.k = b.k")

    assert found.outside == ("other.prices", "read_csv('a.csv')")
    assert {read.table for output in found.outputs for read in output.reads} == {"outside.other.prices", "outside.read_csv('a.csv')"}


def test_the_reading_of_files_stands_for_its_table() -> None:
    """
    Where dbt puts the reading of files, the table is found again.
    """
    read = "(select * from read_parquet(getvariable('sw_orders'), union_by_name=true) where \"at\" <= getvariable('sw_as_of'))"
    found = understand(f"select id from {read} as o", "duckdb", TABLES, stands_for={read: '"shop"."main"."orders"'})

    assert columns(found) == {"id": "same: orders.id"}


def test_a_model_that_dbt_injected_is_a_table() -> None:
    """
    An ephemeral model is read as itself, not as the query that dbt put in its place.
    """
    sql = "with __dbt__cte__stg as (select id, amount from orders) select id as number from __dbt__cte__stg"
    found = understand(sql, "duckdb", TABLES | {"__dbt__cte__stg": ("id", "amount")})

    assert found.outputs[0].reads == (("__dbt__cte__stg", "id"),)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select id from orders o natural join unknown", "natural join"),
        ("select orders from orders", "whole row"),
        ("select foo from unknown, unknown as u", "foo"),
    ],
)
def test_what_cannot_be_told_of_a_column_is_said(sql: str, why: str) -> None:
    """
    A column that may be of either table, a row as a value, a natural join: the rest is told, and this is named.
    """
    assert why in " ".join(said(sql).vague)


@pytest.mark.parametrize(
    "sql", ["select columns('a.*') from orders", "pivot orders on shop using sum(amount)", "select from where", "drop table orders"]
)
def test_a_query_that_cannot_be_told_is_refused(sql: str) -> None:
    """
    What depends on the data, or is no query, is an error that says so, never a guess.
    """
    with pytest.raises(NotUnderstood):
        said(sql)


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("select o.`id` as n from `shop`.`main`.`orders` o", "bigquery"),
        ("SELECT ID AS N FROM SHOP.MAIN.ORDERS", "snowflake"),
        ('select "id" as n from "shop"."main"."orders"', "postgres"),
        ("select `id` as n from shop.main.orders lateral view explode(array(1)) x as y", "spark"),
        ("select [id] as n from [shop].[main].[orders]", "tsql"),
    ],
)
def test_other_dialects_are_read(sql: str, dialect: str) -> None:
    """
    Quotes and the case of names as each warehouse has them.
    """
    assert {name.lower(): how for name, how in columns(said(sql, dialect)).items()} == {"n": "same: orders.id"}


SAME = {
    "names and spaces": ("select amount*qty as a from orders", "select o.qty * o.amount as b  from orders as o -- worth"),
    "a CTE": (
        "select sum(amount) as a from orders where qty > 1",
        "with x as (select * from orders where qty > 1) select sum(amount) from x",
    ),
    "the order of conditions": (
        "select sum(amount) as a from orders where qty > 1 and id > 2",
        "select sum(amount) from orders where 2 < id and 1 < qty",
    ),
    "a subquery": (
        "select sum(amount * qty) as a from orders group by shop",
        "select sum(w) from (select qty * amount as w, shop from orders) group by shop",
    ),
    "a filter": ("select count_if(qty > 1) as n from orders", "select count(*) filter (where qty > 1) from orders"),
    "a named window": (
        "select sum(qty) over (partition by shop order by at) as n from orders",
        "select sum(qty) over w as n from orders window w as (partition by shop order by at)",
    ),
    "if and case": ("select if(qty > 1, 1, 0) as n from orders", "select case when qty > 1 then 1 else 0 end as n from orders"),
    "inner joins turned round": (
        "select amount * size as a from orders join shops using (shop)",
        "select size * amount as a from shops join orders on orders.shop = shops.shop",
    ),
}
OTHER = {
    "another filter": ("select sum(amount) as a from orders where qty > 1", "select sum(amount) from orders where qty > 2"),
    "another grouping": ("select sum(amount) as a from orders group by shop", "select sum(amount) from orders group by id"),
    "what may not be swapped": ("select amount - qty as a from orders", "select qty - amount as a from orders"),
    "another column": ("select amount * qty as a from orders", "select amount * id as a from orders"),
    "one table joined twice": (
        "select a.qty * 2 as x from orders o left join orders a on a.id = o.id + 1",
        "select a.qty * 2 as x from orders o left join orders a on a.id = o.id + 2",
    ),
    "another window": (
        "select sum(qty) over (partition by shop order by at rows 2 preceding) as n from orders",
        "select sum(qty) over (partition by shop order by at rows 3 preceding) as n from orders",
    ),
    "distinct": ("select count(shop) as n from orders", "select count(distinct shop) as n from orders"),
    "a type": ("select amount::integer * 2 as n from orders", "select amount::double * 2 as n from orders"),
}


def term(statement: Statement, number: int) -> object:
    """Return a term with all that it is made of."""
    return tuple(term(statement, part) if isinstance(part, int) else part for part in statement.terms[number])


def unordered(found: object) -> object:
    """Return a term without the order of numbers that a statement happened to give."""
    if not isinstance(found, tuple):
        return found
    parts = [unordered(part) for part in found]
    return (parts[0], *sorted(parts[1:], key=repr)) if parts[0] in ("mul", "add", "all", "and", "eq") else tuple(parts)


def first(sql: str) -> object:
    found = said(sql)
    return unordered(term(found, found.outputs[0].term))


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_thing_said_otherwise_is_the_same(one: str, other: str) -> None:
    """
    Names, spaces, comments, CTEs and the order of what may be swapped do not make another expression.
    """
    assert first(one) == first(other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_another_thing_is_another(one: str, other: str) -> None:
    """
    A filter, a grouping, a window, a join or a type that differs makes another expression.
    """
    assert first(one) != first(other)
