"""All checks over one relation, in one scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shipworthy import checks
from shipworthy.bounds import Bound, Outcome
from shipworthy.checks.base import Asked, Check
from shipworthy.checks.base.contract import Kind
from shipworthy.errors import UnknownName
from shipworthy.families import members
from shipworthy.gateways.engine import Connection, quoted
from shipworthy.records import Measurement, Verdict

NUMBERS: tuple[Kind, ...] = ("integer", "number")
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Question:
    """One check of one column: what is asked, where the answer may lie, how it is called."""

    name: str
    check: Check
    subject: str
    column: str
    shown: str
    bound: Bound


def inspect(
    connection: Connection,
    relation_sql: str,
    columns: Mapping[str, Kind],
    *,
    relation: str,
    as_of: datetime,
    keys: Sequence[str] = (),
    times: Sequence[str] = (),
    bounds: Mapping[str, Bound] | None = None,
) -> list[tuple[Measurement, Verdict]]:
    """Return every check of every column it is asked of: measured in one scan, and judged.

    A check that fails gets its counter-example by a second, small query. A table without rows is
    unknown in all respects.

    Args:
        connection: what can read `relation_sql`; its variable `sw_as_of` is set to `as_of`.
        relation_sql: an SQL relation: a name, `(select ...) t`, `read_parquet(...)`.
        columns: the columns to look at, with what each holds.
        relation: how the relation is called in subjects and words.
        as_of: aware; the moment that the table is looked at.
        keys: the columns that together name a row; none: nobody said.
        times: the declared event time and known time.
        bounds: replaces defaults; by check (`null_share`) or check and column (`null_share.age`).

    Raises:
        UnknownName: a key, a time or a bound names what is not there.
    """
    questions = _questions(columns, relation, keys, times, bounds or {})
    connection.execute("set variable sw_as_of = ?::timestamptz", [as_of.isoformat()])
    aggregates = "".join(f", ({question.check.sql(question.column)})::double" for question in questions)
    rows, *values = connection.execute(f"select count(*){aggregates} from {relation_sql}").fetchall()[0]
    answered = zip(questions, values if rows else [None] * len(questions), strict=True)
    return [_answer(connection, relation_sql, question, value, rows, as_of) for question, value in answered]


def _questions(
    columns: Mapping[str, Kind], relation: str, keys: Sequence[str], times: Sequence[str], bounds: Mapping[str, Bound]
) -> list[Question]:
    for name in (*keys, *times):
        if name not in columns:
            raise UnknownName.of("column", name, known=columns, where=relation)
    family = members(checks, Check)  # type: ignore[type-abstract]
    _refuse_unknown(bounds, family, columns, relation)
    asked = {asked: _asked(asked, columns, keys, times) for asked in {check.asked_of for check in family.values()}}
    return [
        Question(
            name=name,
            check=check,
            subject=f"{relation}.{column}" if column else relation,
            column=sql,
            shown=", ".join(dict.fromkeys(quoted(shown) for shown in (*keys, *([column] if column else [])))),
            bound=bounds.get(f"{name}.{column}", bounds.get(name, check.default)),
        )
        for name, check in family.items()
        for column, sql in asked[check.asked_of].items()
    ]


def _refuse_unknown(bounds: Mapping[str, Bound], family: Mapping[str, Check], columns: Mapping[str, Kind], relation: str) -> None:
    for said in bounds:
        check, _, column = said.partition(".")
        if check not in family:
            raise UnknownName.of("check", check, known=family, where=f"bounds of {relation}")
        if column and column not in columns:
            raise UnknownName.of("column", column, known=columns, where=f"bounds of {relation}")


def _asked(asked: Asked, columns: Mapping[str, Kind], keys: Sequence[str], times: Sequence[str]) -> dict[str | None, str]:
    """Return the SQL of what is asked of, by column; None for the table or the key as a whole."""
    if asked == "table":
        return {None: "*"}
    if asked == "key":
        return {None: _key(keys)} if keys else {}
    wanted = {
        "column": list(columns),
        "number": [name for name, kind in columns.items() if kind in NUMBERS],
        "text": [name for name, kind in columns.items() if kind == "text"],
        "time": list(dict.fromkeys(times)),
    }
    return {name: quoted(name) for name in wanted[asked]}


def _key(keys: Sequence[str]) -> str:
    """Return the key as one SQL value, null where any part of it is."""
    parts = [quoted(key) for key in keys]
    whole = " and ".join(f"{part} is not null" for part in parts)
    return parts[0] if len(parts) == 1 else f"(case when {whole} then row({', '.join(parts)}) end)"


def _answer(
    connection: Connection, relation_sql: str, question: Question, value: float | None, rows: int, as_of: datetime
) -> tuple[Measurement, Verdict]:
    measured = Measurement(question.name, question.subject, value, as_of, rows=rows)
    outcome = question.bound.judge(value)
    example = _example(connection, relation_sql, question) if outcome == "fail" else {}
    words = _words(question, value, rows, outcome, example)
    fix = question.check.fix if outcome == "fail" else "find out why nothing came" if outcome == "unknown" else ""
    evidence = {"value": value, "bound": str(question.bound), "unit": question.check.unit, "rows": rows, "example": example}
    return measured, Verdict(question.name, question.subject, outcome, words, fix, evidence)


def _example(connection: Connection, relation_sql: str, question: Question) -> dict[str, str]:
    """Return one counter-example, by column, in words: the key of a row and what is wrong in it."""
    sql = question.check.example(relation_sql, question.column, question.shown)
    if sql is None:
        return {}
    found = connection.execute(sql).to_arrow_table().to_pylist()
    return {name: _shown(value) for name, value in found[0].items()} if found else {}


def _shown(value: Any) -> str:
    text = "null" if value is None else value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


def _words(question: Question, value: float | None, rows: int, outcome: Outcome, example: Mapping[str, str]) -> str:
    if not rows:
        return f"{question.subject} has no rows: nothing can be said"
    if value is None or outcome == "unknown":
        return f"{question.subject}: among {rows:,} rows are too few values to say anything"
    number = f"{value:,.0f}" if value == int(value) else f"{value:.4g}"
    said = f"{question.subject}: {number} ({question.check.unit}) of {rows:,} rows, bound {question.bound}"
    return said + (f"; for example {', '.join(f'{name} = {shown}' for name, shown in example.items())}" if example else "")
