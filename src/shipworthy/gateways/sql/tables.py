"""Prepares a parsed query: the caller's tables under short names of ours, named windows in place, dbt's injected CTEs out."""

from collections.abc import Mapping, Sequence

from sqlglot import exp, parse_one
from sqlglot.errors import ParseError, TokenError

KnownTables = Mapping[str, Sequence[str] | None]


def parts_of(name: str, dialect: str) -> tuple[str, ...]:
    """Return the parts of a table's name in lower case, without quotes.

    >>> parts_of('"shop"."main"."Orders"', "duckdb"), parts_of("`shop`.orders", "spark")
    (('shop', 'main', 'orders'), ('shop', 'orders'))
    """
    try:
        table = parse_one(name, into=exp.Table, dialect=dialect)
    except (ParseError, TokenError):
        return (name.lower(),)
    return tuple(part.name.lower() for part in table.parts)


def put_in(tree: exp.Expr, known: KnownTables, dialect: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give every table of `tree` a name of one part; return the caller's name of each that is known, and the text of all others.

    A table keeps the alias that the query's columns call it by.
    """
    by_parts = {parts_of(name, dialect): name for name in known}
    _drop_injected(tree, by_parts)
    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    ours: dict[str, str] = {}
    outside: dict[str, str] = {}
    for table in list(tree.find_all(exp.Table)):
        parts = tuple(part.name.lower() for part in table.parts) if isinstance(table.this, exp.Identifier) else ()
        if parts and not (len(parts) == 1 and parts[0] in ctes):
            name = _match(parts, by_parts)
            short = f"t{len(ours) + len(outside)}"
            (ours if name else outside)[short] = name or ".".join(part.name for part in table.parts)
            _rename(table, short)
        elif not parts and _reads_files(table):
            short = f"t{len(ours) + len(outside)}"
            outside[short] = table.this.sql(dialect=dialect, normalize_functions="lower")
            _rename(table, short)
    return ours, outside


def _drop_injected(tree: exp.Expr, by_parts: Mapping[tuple[str, ...], str]) -> None:
    """Take out the CTEs that dbt injected for ephemeral models: they are tables that the caller knows."""
    for with_ in list(tree.find_all(exp.With)):
        kept = [cte for cte in with_.expressions if (cte.alias.lower(),) not in by_parts]
        if not kept:
            with_.pop()
        elif len(kept) < len(with_.expressions):
            with_.set("expressions", kept)


def _match(parts: tuple[str, ...], by_parts: Mapping[tuple[str, ...], str]) -> str | None:
    """Return the one known table that `parts` are, or are the end of."""
    if parts in by_parts:
        return by_parts[parts]
    ends = [name for known, name in by_parts.items() if known[-len(parts) :] == parts]
    return ends[0] if len(ends) == 1 else None


def _reads_files(table: exp.Table) -> bool:
    """Return whether a table function reads from outside, as `read_csv('...')` does and `unnest` does not."""
    function = table.this
    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name() if isinstance(function, exp.Func) else ""
    return name.lower().startswith(("read_", "delta_", "iceberg_", "parquet_")) or name.lower().endswith(("_scan", "_query"))


def _rename(table: exp.Table, short: str) -> None:
    if not table.args.get("alias"):
        called = table.this if isinstance(table.this, exp.Identifier) else exp.to_identifier(short)
        table.set("alias", exp.TableAlias(this=called.copy()))
    table.set("this", exp.to_identifier(short, quoted=False))
    table.set("db", None)
    table.set("catalog", None)


def put_windows_in(tree: exp.Expr) -> None:
    """Write named windows (`window w as (...)`) where they are used (`over w`)."""
    for select in tree.find_all(exp.Select):
        named = {window.name.lower(): window for window in select.args.get("windows") or ()}
        for used in list(select.find_all(exp.Window)) if named else ():
            said = named.get(used.alias.lower()) if isinstance(used.args.get("alias"), exp.Identifier) else None
            if said is not None and used.parent_select is select:
                used.set("alias", None)
                for part in ("partition_by", "order", "spec"):
                    value = said.args.get(part)
                    copied = [item.copy() for item in value] if isinstance(value, list) else value.copy() if value else None
                    used.set(part, used.args.get(part) or copied)
        if named:
            select.set("windows", None)
