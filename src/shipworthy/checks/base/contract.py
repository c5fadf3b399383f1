"""What a relation's columns were, and whether they still are."""

from collections.abc import Mapping
from difflib import get_close_matches

from shipworthy.gateways.engine import Connection
from shipworthy.records import Verdict
from shipworthy.spec.source import Type

Kind = Type
NAME = "column_contract"
KINDS: Mapping[str, Kind] = {
    "varchar": "text",
    "enum": "text",
    "uuid": "text",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "decimal": "number",
    "float": "number",
    "double": "number",
    "real": "number",
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint", "hugeint"), "integer"),
    **dict.fromkeys(("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"), "integer"),
}
WIDENS = (
    ("tinyint", "smallint", "integer", "bigint", "hugeint"),
    ("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"),
    ("float", "double"),
)


def types(connection: Connection, relation_sql: str) -> dict[str, str]:
    """Return the column types of an SQL relation, by name, in DuckDB's words and lower case."""
    described = connection.execute(f"describe select * from {relation_sql}").fetchall()
    return {name: kind.lower() for name, kind, *_ in described}


def kinds(found: Mapping[str, str]) -> dict[str, Kind]:
    """Return what each column holds, from its DuckDB type; columns that hold lists or structs are left out.

    >>> kinds({"at": "timestamp with time zone", "fee": "decimal(18,3)", "tags": "varchar[]"})
    {'at': 'timestamp', 'fee': 'number'}
    """
    known = {name: KINDS.get(_stem(kind)) for name, kind in found.items() if not kind.endswith("]")}
    return {name: kind for name, kind in known.items() if kind}


def contract(found: Mapping[str, str], expected: Mapping[str, str], *, relation: str) -> list[Verdict]:
    """Return a verdict for each column of `expected`: what the previous version of `relation` had, by name and type.

    A column that is gone or holds another type fails; a wider type of the same sort passes, a new column is no
    matter of this contract. Without a previous version there is nothing to hold to, and no verdict.

    Fires when an upstream change drops, renames or retypes a column.
    Blind to a column that keeps its name and type and changes its meaning or unit.

    >>> [verdict.words for verdict in contract({"id": "bigint"}, {"id": "varchar"}, relation="orders")]
    ['orders.id was varchar and is now bigint']
    """
    return [_verdict(name, kind, found, expected, relation) for name, kind in expected.items()]


def _verdict(name: str, kind: str, found: Mapping[str, str], expected: Mapping[str, str], relation: str) -> Verdict:
    subject = f"{relation}.{name}"
    now = found.get(name)
    evidence = {"was": kind, "is": now}
    if now is None:
        return Verdict(NAME, subject, "fail", f"{subject} ({kind}) is gone", _renamed(name, found, expected), evidence)
    if now.lower() != kind.lower() and not _widens(kind.lower(), now.lower()):
        fix = f"cast it back to {kind} in SQL, or take the change into every model that reads it and publish again"
        return Verdict(NAME, subject, "fail", f"{subject} was {kind} and is now {now}", fix, evidence)
    return Verdict(NAME, subject, "pass", f"{subject} is {now}, as before", "", evidence)


def _renamed(name: str, found: Mapping[str, str], expected: Mapping[str, str]) -> str:
    new = [column for column in found if column not in expected]
    near = get_close_matches(name, new, n=1)
    guess = f"was it renamed to '{near[0]}'? " if near else ""
    return f"{guess}bring it back, or take it out of the specs that read it first"


def _widens(was: str, now: str) -> bool:
    return any(was in order and now in order and order.index(was) < order.index(now) for order in WIDENS)


def _stem(kind: str) -> str:
    return kind.lower().partition("(")[0].partition(" ")[0].partition("_")[0]
