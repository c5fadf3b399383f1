"""SQL that reads one column as its contract says: the value, and every way in which it can break the contract.

Nothing is guessed: what is not exactly as the contract says breaks it. The columns of a delivery come as `r0`, `r1`, ...;
whether each means null as `n0`, ...; its value as `v0`, ...
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite, isnan

from shipworthy.data.landing import dates
from shipworthy.gateways.engine import literal
from shipworthy.spec.source import SourceColumn, SourceSpec, Type

SQL_TYPES: Mapping[Type, str] = {
    "text": "varchar",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}
WORDS: Mapping[Type, str] = {
    "text": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
    "timestamp": "a timestamp",
}
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT")
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
TIMES = ("DATE", "TIMESTAMP")
SPACES = "[ \u00a0\u202f]"
NUMBERS: Mapping[str | None, tuple[str, str]] = {  # format: digits before the decimal mark, the mark
    None: (r"\d*", r"\."),
    "1,5": (r"\d*", ","),
    "1.234,5": (r"(\d{1,3}(\.\d{3})+|\d*)", ","),
    "1,234.5": (r"(\d{1,3}(,\d{3})+|\d*)", r"\."),
    "1 234,5": (rf"(\d{{1,3}}({SPACES}\d{{3}})+|\d*)", ","),
}
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Breach:
    """One way to break the contract, in SQL: the condition, what kind of breach it is, and the reason in words."""

    condition: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How one column is read, in SQL: whether it means null, its value (null where it cannot be read), its breaches."""

    name: str
    null: str
    value: str
    breaches: tuple[Breach, ...]


def reading(place: int, name: str, kind: str, contract: SourceSpec, *, doubtful: bool = False) -> Reading:
    """Return how the column `name` is read, which a delivery has as `r<place>`, of the SQL type `kind`.

    With `doubtful`, a date that reads both day first and month first breaks the contract too, though its format reads it.
    """
    column, raw = contract.columns[name], f"r{place}"
    nulls = contract.null_text if column.null_text is None else column.null_text
    value = f"case when not n{place} then {_value(raw, kind, column)} end"
    breaches = [*_breaches(place, name, kind, contract), *(_doubts(place, column) if doubtful else [])]
    return Reading(name, _null(raw, kind, nulls), value, tuple(breaches))


def as_text(raw: str, kind: str, column: SourceColumn) -> str:
    """Return SQL of `raw` as a text that the contract reads back as the same value; a text is what it is."""
    if kind == "VARCHAR":
        return raw
    if kind.startswith(TIMES):
        return dates.written_as(raw, column)
    comma = column.type in ("integer", "number") and NUMBERS[column.format][1] == ","
    return f"replace({raw}::varchar, '.', ',')" if comma else f"{raw}::varchar"


def _null(raw: str, kind: str, nulls: list[str]) -> str:
    if kind == "VARCHAR":
        meant = [f"{raw} in ({', '.join(map(literal, nulls))})"] if nulls else []
    elif kind.startswith((*INTEGERS, *FRACTIONS)):
        numbers = [float(text) for text in nulls if _is_number(text)]
        plain = ", ".join(f"{number!r}::double" for number in numbers if isfinite(number))
        meant = [f"{raw}::double in ({plain})"] if plain else []
        meant += [f"isnan({raw}::double)"] if any(map(isnan, numbers)) else []  # asked so: a file's statistics do not know NaN
    else:
        meant = []
    return f"({' or '.join([f'{raw} is null', *meant])})"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _value(raw: str, kind: str, column: SourceColumn) -> str:
    """Return SQL of the value of a `raw` that does not mean null, null where it is not what the contract says."""
    by_type = {
        "text": lambda: raw,
        "integer": lambda: _number(raw, column, "bigint"),
        "number": lambda: f"case when isfinite({_number(raw, column, 'double')}) then {_number(raw, column, 'double')} end",
        "boolean": lambda: f"try_cast({raw} as boolean)",
        "date": lambda: dates.date_of_text(raw, column),
        "timestamp": lambda: dates.moment_of_text(raw, column),
    }
    typed = None if kind == "VARCHAR" else _typed(raw, kind, column)
    if typed is not None:
        return typed
    if kind != "VARCHAR":
        raw = f"({raw}::varchar)"
    return by_type[column.type]()


def _typed(raw: str, kind: str, column: SourceColumn) -> str | None:
    """Return SQL of the value of a `raw` with a type of its own that is, or fits into, the contract's; None where it has to be read."""
    exact = {"text": f"{as_text(raw, kind, column)}"}
    if kind.startswith((*INTEGERS, *FRACTIONS)):
        whole = f"try_cast({raw} as bigint)"
        exact |= {
            "integer": f"case when {whole} = {raw} then {whole} end",
            "number": f"case when isfinite({raw}::double) then {raw}::double end",
        }
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        day = f"{raw}::date"
        exact["date"] = f"case when {raw}::timestamp = {day}::timestamp then {day} end"
        exact["timestamp"] = raw if "TIME ZONE" in kind else dates.moment_of_local(f"{raw}::timestamp", column)
    if kind == "BOOLEAN":
        exact["boolean"] = raw
    return exact.get(column.type)


def _number(raw: str, column: SourceColumn, kind: str) -> str:
    before, mark = NUMBERS[column.format]
    power = r"([eE][+-]?\d+)?" if kind == "double" else ""
    after = rf"({mark}\d*)?" if kind == "double" else rf"({mark}0*)?"
    shape = literal(rf" *[+-]?{before}{after}{power} *")
    return f"case when regexp_full_match({raw}, {shape}) then try_cast({_plain(raw, column.format)} as {kind}) end"


def _plain(raw: str, form: str | None) -> str:
    """Return SQL of a number's text with a decimal point, and nothing between its digits."""
    if form in (None, "1,5"):
        return raw if form is None else f"replace({raw}, ',', '.')"
    if form == "1,234.5":
        return f"replace({raw}, ',', '')"
    ungrouped = f"replace({raw}, '.', '')" if form == "1.234,5" else f"regexp_replace({raw}, {literal(SPACES)}, '', 'g')"
    return f"replace({ungrouped}, ',', '.')"


def _breaches(place: int, name: str, kind: str, contract: SourceSpec) -> Iterator[Breach]:
    column, raw, null, value = contract.columns[name], f"r{place}", f"n{place}", f"v{place}"
    shown = f"'''' || left({as_text(raw, kind, column)}, {LONGEST_SHOWN}) || ''''"
    yield _unread(raw, kind, column, f"(not {null} and {value} is null)", shown)
    if contract.needs(name):
        yield Breach(null, literal("missing"), literal("is missing"))
    for condition, kind_of, words in _limits(value, column):
        yield Breach(f"({value} is not null and {condition})", literal(kind_of), f"{shown} || {literal(words)}")


def _unread(raw: str, kind: str, column: SourceColumn, condition: str, shown: str) -> Breach:
    said = f" is not {WORDS[column.type]}" + (f" written {column.format}" if column.format else "")
    kinds, reason = literal("type"), f"{shown} || {literal(said)}{_more(raw, kind, column)}"
    other = dates.swapped(column)
    if other and kind == "VARCHAR":
        swaps = f"coalesce(try_strptime({raw}, {literal(other)}) >= {dates.EARLIEST}, false)"
        kinds = f"case when {swaps} then 'swapped' else {kinds} end"
        reason += f" || case when {swaps} then {literal(f': it reads as {other}, so the delivery may be written that way')} else '' end"
    if column.zone is not None and kind in ("VARCHAR", "TIMESTAMP", "DATE"):
        local = dates.local_of_text(raw, column) if kind == "VARCHAR" else f"{raw}::timestamp"
        gone = dates.skipped(local, column.zone)
        kinds = f"case when {gone} then 'skipped_hour' when {local} is not null then 'repeated_hour' else {kinds} end"
        reason = (
            f"case when {gone} then {shown} || {literal(f' is a time that clocks in {column.zone} skip')} when {local} is not null "
            f"then {shown} || {literal(f' is a time that clocks in {column.zone} show twice: which one is not known')} else {reason} end"
        )
    return Breach(condition, kinds, reason)


def _more(raw: str, kind: str, column: SourceColumn) -> str:
    """Return SQL of a hint that follows the reason: for a person, never a reading."""
    if kind != "VARCHAR" or column.format is not None:
        return ""
    if column.type in ("date", "timestamp"):
        return f" || {dates.hint(raw)}"
    if column.type == "number":
        comma = r" *[+-]?\d+(\.\d{3})*,\d+ *"
        return f" || case when regexp_full_match({raw}, {literal(comma)}) then {literal(': a decimal comma? write the format')} else '' end"
    return ""


def _limits(value: str, column: SourceColumn) -> Iterator[tuple[str, str, str]]:
    if column.allowed is not None:
        listed = ", ".join(literal(one) if isinstance(one, str) else repr(one) for one in column.allowed)
        few = ", ".join(map(str, column.allowed[:10])) + (f" and {len(column.allowed) - 10} more" if len(column.allowed) > 10 else "")
        yield f"{value} not in ({listed})", "allowed", f" is none of {few}"
    if column.minimum is not None:
        yield f"{value} < {_limit(column, column.minimum)}", "minimum", f" is below {_shown(column.minimum)}"
    if column.maximum is not None:
        yield f"{value} > {_limit(column, column.maximum)}", "maximum", f" is above {_shown(column.maximum)}"


def _limit(column: SourceColumn, limit: float | date) -> str:
    return f"{SQL_TYPES[column.type]} {literal(limit.isoformat())}" if isinstance(limit, date) else f"{limit!r}::double"


def _shown(limit: float | date) -> str:
    return f"{limit}" if isinstance(limit, date | datetime) else f"{limit:g}"


def _doubts(place: int, column: SourceColumn) -> Iterator[Breach]:
    """Yield the breach of a date that reads otherwise with day and month in each other's place."""
    raw, other = f"r{place}", dates.swapped(column)
    assert other is not None
    both = f"try_strptime({raw}, {literal(other)}) <> try_strptime({raw}, {literal(column.format or '')})"
    words = f" may be {other}: other values of this delivery are written that way"
    yield Breach(
        f"(not n{place} and coalesce({both}, false))",
        literal("doubtful"),
        f"'''' || left({raw}, {LONGEST_SHOWN}) || {literal(chr(39) + words)}",
    )
