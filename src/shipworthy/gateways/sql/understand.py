"""From the text of a query to what it says: parse, name, qualify, then follow every column down to the tables."""

import logging
from collections.abc import Iterable, Mapping
from importlib.metadata import version

from sqlglot import Dialects, exp, parse
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from shipworthy.gateways.sql.scopes import Reader
from shipworthy.gateways.sql.statement import NotUnderstood, Output, Read, Statement
from shipworthy.gateways.sql.tables import KnownTables, put_in, put_windows_in

FIX = "nothing needs to be done; its lineage ends at whole tables"
DEPENDS_ON_DATA = (exp.Pivot, exp.Columns)
GRAMMAR = f"sqlglot {version('sqlglot')}, terms 1"  # what was understood by another grammar is understood anew
RELATIVES = {"glue": "spark", "sqlserver": "tsql", "fabric": "tsql", "synapse": "tsql", "athena": "athena", "timescaledb": "postgres"}

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # what it cannot parse is told by our own error, not on stderr


def dialect_of(adapter: str) -> str:
    """Return the dialect that dbt's `adapter` speaks; "", which is what they have in common, where it is not known.

    >>> dialect_of("duckdb"), dialect_of("sqlserver"), dialect_of("something new")
    ('duckdb', 'tsql', '')
    """
    name = RELATIVES.get(adapter, adapter)
    return name if name in {dialect.value for dialect in Dialects} else ""


def understand(
    sql: str, dialect: str, tables: KnownTables, *, where: str = "query", stands_for: Mapping[str, str] | None = None
) -> Statement:
    """Return what the query `sql` says of its columns and rows.

    Args:
        sql: one query, without templates.
        dialect: sqlglot's name of it, which is dbt's name of the adapter.
        tables: the columns of each table that the query may read, by the table's name as the SQL has it; None where they are
            not known. A name of one part may also be a CTE that dbt injected: the query is then read without it.
        where: what an error calls the query.
        stands_for: text of the query that is a table, such as `read_parquet(...)`, and the name of that table.

    Raises:
        NotUnderstood: the query's columns cannot be told.
    """
    for text, name in sorted((stands_for or {}).items(), key=lambda pair: -len(pair[0])):
        sql = sql.replace(text, name)
    try:
        tree = _parsed(sql, dialect, where)
        put_windows_in(tree)
        spelled = {found.name.lower(): found.name for found in tree.find_all(exp.Identifier)}
        ours, outside = put_in(tree, tables, dialect)
        known = {short: dict.fromkeys(tables[name] or (), "unknown") for short, name in ours.items()}
        schema = MappingSchema({short: columns for short, columns in known.items() if columns}, dialect=dialect)
        tree = qualify(
            tree, dialect=dialect, schema=schema, validate_qualify_columns=False, quote_identifiers=False, allow_partial_qualification=True
        )
        root = build_scope(tree)
        if root is None:
            raise NotUnderstood(where=where, what="is no query", fix=FIX)
        names = {short: f"outside.{text}" for short, text in outside.items()} | ours
        spelling = {name: {column.lower(): column for column in columns or ()} for name, columns in tables.items()}
        return _statement(root, Reader(root, names, spelling), spelled)
    except SqlglotError as error:
        raise NotUnderstood(where=where, what=str(error).splitlines()[0][:200], fix=FIX) from None
    except RecursionError:
        raise NotUnderstood(where=where, what="is nested too deeply", fix=FIX) from None


def _parsed(sql: str, dialect: str, where: str) -> exp.Expr:
    found = [tree for tree in parse(sql, dialect=dialect) if tree is not None]
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise NotUnderstood(where=where, what=f"holds {len(found)} statements, or one that is no query", fix=FIX)
    odd = next(found[0].find_all(*DEPENDS_ON_DATA), None)
    if odd is not None:
        raise NotUnderstood(where=where, what=f"its columns depend on the data: {odd.sql(dialect=dialect)[:80]}", fix=FIX)
    return found[0]


def _statement(root: Scope, reader: Reader, spelled: Mapping[str, str]) -> Statement:
    columns = reader.columns(root)
    rows = reader.rows(root)
    outputs = tuple(
        Output(spelled.get(name.lower(), name), "same" if value.bare else "computed", _sorted(value.reads), value.term)
        for name, value in columns.items()
    )
    opened, shut = reader.open(root)
    outside = sorted({name.removeprefix("outside.") for name in reader.names.values() if name.startswith("outside.")})
    return Statement(
        outputs, _sorted(rows.reads), tuple(opened), tuple(shut), tuple(dict.fromkeys(reader.vague)), tuple(outside),
        tuple(reader.terms.found), rows.term,
    )  # fmt: skip


def _sorted(reads: Iterable[Read]) -> tuple[Read, ...]:
    return tuple(sorted(reads, key=lambda read: (read.table, read.column or "")))
