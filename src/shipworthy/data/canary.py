"""The canary against values from the future: the same relation, built with and without what came later.

A row that was known at a moment must be the same in both. Exact but for the last digits of numbers: a sum in another order
differs there, and a guard that cries wolf is switched off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import isnan
from pathlib import Path
from typing import Any

from shipworthy.data.moments import known_sql, moment
from shipworthy.data.relation import Relation
from shipworthy.errors import StepFailed
from shipworthy.gateways.engine import Connection, quoted, side_by_side
from shipworthy.records import Verdict

NAME = "future_values"
TOLERANCE = 1e-9
NUMBERS = ("DOUBLE", "FLOAT")


@dataclass(frozen=True, slots=True)
class Pair:
    """One relation in two builds: its facts, its names in SQL, and the moment of the cut."""

    relation: Relation
    full: str
    cut: str
    cut_at: datetime

    @property
    def key(self) -> list[str]:
        """The columns that name a row; all of them where nothing says which."""
        times = [time for time in dict.fromkeys((self.relation.event_time, self.relation.known_time)) if time]
        return [*self.relation.entity, *times] or list(self.relation.columns)


def future_rows(full: Path, cut: Path, relation: Relation, cut_at: datetime) -> Verdict:
    """Return whether the rows of `relation` that were known at `cut_at` are the same in both warehouses.

    A static relation may gain rows but not change them. Without times, without rows, or where the relation is not in both,
    nothing can be told: unknown.

    Args:
        full: the warehouse file that was built from all sources.
        cut: the one that was built from sources cut at `cut_at`.
        relation: its facts; the columns are read off the warehouse.
        cut_at: aware.
    """
    names = {full.stem: full, cut.stem: cut} if full.stem != cut.stem else {"full": full, "cut": cut}
    try:
        with side_by_side(**names) as connection:
            return _compared(connection, relation, list(names), cut_at)
    except StepFailed as failure:
        return _unknown(relation, f"the two builds cannot be compared: {failure.what}", failure.fix)


def _compared(connection: Connection, relation: Relation, warehouses: list[str], cut_at: datetime) -> Verdict:
    found = [_place(connection, warehouse, relation.name) for warehouse in warehouses]
    if None in found:
        missing = "all sources" if found[0] is None else f"sources cut at {cut_at}"
        return _unknown(relation, f"{relation.name} is not in the build from {missing}", "look at the log of dbt")
    if not relation.static and relation.known_time is None and relation.latency is None:
        return _unknown(relation, f"nothing says when a row of {relation.name} became known", "write 'known_time' or 'latency' in its meta")
    described = connection.execute(f"describe select * from {found[0]}").fetchall()
    told = replace(relation, columns={row[0]: row[1] for row in described})
    pair = Pair(told, str(found[0]), str(found[1]), cut_at)
    rows = _count(connection, f"select * from {pair.cut}{_known(pair)}")
    if not rows:
        return _unknown(relation, f"no row of {relation.name} was known at {cut_at}", "compare at a later moment")
    sql = _changed(connection, pair)
    changed = _count(connection, sql)
    if changed:
        return _fail(pair, connection.execute(f"{sql} limit 1").to_arrow_table().to_pylist()[0], changed, rows)
    return Verdict(NAME, relation.name, "pass", f"{rows:,} rows are the same without the future")


def _place(connection: Connection, warehouse: str, name: str) -> str | None:
    asked = (
        "select table_schema from information_schema.tables where table_catalog = ? and table_name = ? order by table_schema <> 'main', 1"
    )
    schemas = connection.execute(asked, [warehouse, name]).fetchall()
    return f"{quoted(warehouse)}.{quoted(schemas[0][0])}.{quoted(name)}" if schemas else None


def _known(pair: Pair) -> str:
    return "" if pair.relation.static else f" where {known_sql(pair.relation)} <= {moment(pair.cut_at)}"


def _changed(connection: Connection, pair: Pair) -> str:
    """Return SQL of the rows that differ, in order of key: `with_<column>`, `without_<column>`, `in_full`, `in_cut`."""
    columns = ", ".join(map(quoted, pair.relation.columns))
    for name, own, other in (("only_full", pair.full, pair.cut), ("only_cut", pair.cut, pair.full)):
        rows = f"select {columns} from {own}{_known(pair)} except all select {columns} from {other}{_known(pair)}"
        connection.execute(f"create or replace temp table {name} as select *, true as {_mark(name)} from ({rows})")
    gained = " and in_cut" if pair.relation.static else ""
    same = " and ".join(f"a.{quoted(name)} is not distinct from b.{quoted(name)}" for name in pair.key)
    moved = " or ".join(_moved(name, kind) for name, kind in pair.relation.columns.items())
    both = ", ".join(
        f"a.{quoted(name)} as {quoted(f'with_{name}')}, b.{quoted(name)} as {quoted(f'without_{name}')}" for name in pair.relation.columns
    )
    joined = f"select {both}, in_full, in_cut from only_full a full join only_cut b on {same}"
    order = ", ".join(f"coalesce(a.{quoted(name)}, b.{quoted(name)})" for name in pair.key)
    return f"{joined} where (in_full is null or in_cut is null or {moved}){gained} order by {order}"


def _mark(name: str) -> str:
    return name.replace("only_", "in_")


def _moved(name: str, kind: str) -> str:
    left, right = f"a.{quoted(name)}", f"b.{quoted(name)}"
    differs = f"{left} is distinct from {right}"
    if kind.upper() not in NUMBERS:
        return differs
    near = f"abs({left} - {right}) <= {TOLERANCE} * greatest(abs({left}), abs({right}))"
    return f"({differs} and not coalesce({near}, false))"


def _fail(pair: Pair, first: Mapping[str, Any], changed: int, rows: int) -> Verdict:
    side = "with" if first["in_full"] else "without"
    key = {name: _shown(first[f"{side}_{name}"]) for name in pair.key}
    words = f"{changed:,} of {rows:,} rows change with the future, such as {', '.join(f'{name} {value}' for name, value in key.items())}: "
    fix = f"let each row of {pair.relation.name} look only at rows known before it, or correct its known time"
    if pair.relation.static:
        fix = f"{pair.relation.name} is not static: give it 'event_time' and 'known_time', and a row for each change"
    if not (first["in_full"] and first["in_cut"]):
        words += "the row is there only with what came later" if first["in_full"] else "the row is gone with what came later"
        return Verdict(NAME, pair.relation.name, "fail", words, fix, key)
    column = next(name for name, kind in pair.relation.columns.items() if _differ(first[f"with_{name}"], first[f"without_{name}"], kind))
    values: Mapping[str, Any] = {"with_future": _shown(first[f"with_{column}"]), "without": _shown(first[f"without_{column}"])}
    words += f"{column} is {values['with_future']}, without it {values['without']}"
    return Verdict(NAME, pair.relation.name, "fail", words, fix, {**key, "column": column, **values})


def _differ(left: Any, right: Any, kind: str) -> bool:
    if kind.upper() in NUMBERS and left is not None and right is not None:
        return left != right and not (isnan(left) and isnan(right)) and not abs(left - right) <= TOLERANCE * max(abs(left), abs(right))
    return bool(left != right)


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _count(connection: Connection, sql: str) -> int:
    rows: int = connection.execute(f"select count(*) from ({sql})").fetchall()[0][0]
    return rows


def _unknown(relation: Relation, words: str, fix: str) -> Verdict:
    return Verdict(NAME, relation.name, "unknown", words, fix)
