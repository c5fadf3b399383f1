"""What the checks of a training set found, summarised: worst first, each with rows, cost and where its columns come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Engine

from shipworthy.console.lineage import Known, place_named
from shipworthy.console.links import Place
from shipworthy.console.words import number
from shipworthy.logbook.latest import findings
from shipworthy.records import Verdict

State = Literal["fail", "unknown", "noted", "pass"]
WORST_FIRST: tuple[State, ...] = ("fail", "unknown", "noted", "pass")
SHOWN_APART = ("value", "unit", "bound", "rows", "noted", "origin", "sources", "cost")
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 8, 14, 120


@dataclass(frozen=True, slots=True)
class Table:
    """Counter-examples: a line for each row, "null" where a value is missing; `more` columns are not shown."""

    columns: list[str]
    rows: list[list[str]]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a quick model scores with the blamed features and without them."""

    metric: str
    whole: str
    without: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The relation and the column that a blamed feature is, and the source columns that it is made from.

    Each with the place of its lineage, None where that is not known.
    """

    feature: str
    column: str
    place: Place | None
    sources: list[tuple[str, Place | None]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict on a training set or on one of its features."""

    at: datetime
    verdict: Verdict
    state: State
    feature: str | None
    measured: str  # the number beside its bound, empty where there is none
    table: Table | None
    cost: Cost | None
    origins: list[Origin]
    more: list[tuple[str, str]]  # what else was found, in words


def state_of(verdict: Verdict) -> State:
    """Return how a finding is to be read: a pass that is worth a look is noted."""
    return "noted" if verdict.noted else verdict.outcome


def found_in(book: Engine, model: str, known: Known) -> list[Finding]:
    """Return what the last look at the training set of `model` said, worst first, what somebody answers for after the rest of its kind."""
    told = [_finding(at, verdict, model, known) for at, verdict in findings(book, model)]
    return sorted(told, key=_worst_first)


def _worst_first(one: Finding) -> tuple[int, bool, bool, str]:
    return WORST_FIRST.index(one.state), one.verdict.waived_by is not None, one.cost is None, one.verdict.name


def _finding(at: datetime, verdict: Verdict, model: str, known: Known) -> Finding:
    evidence = verdict.evidence
    feature = verdict.subject.removeprefix(f"{model}.") if verdict.subject != model else None
    rows, cost, origins = (
        table(evidence.get("rows")),
        _cost(evidence.get("cost")),
        _origins(evidence.get("origin"), evidence.get("sources"), known),
    )
    more = [(name.replace("_", " "), in_words(value)) for name, value in evidence.items() if name not in SHOWN_APART]
    return Finding(at, verdict, state_of(verdict), feature, _measured(evidence), rows, cost, origins, more)


def _measured(evidence: Mapping[str, Any]) -> str:
    value = evidence.get("value")
    if not isinstance(value, int | float):
        return ""
    unit, bound = evidence.get("unit"), evidence.get("bound")
    return f"{number(float(value))}{f' {unit}' if unit else ''}{f', bound {bound}' if bound else ''}"


def table(rows: object) -> Table | None:
    """Return counter-examples as a table, None where `rows` are none.

    >>> table([{"order": 1731, "paid": None}, {"order": 8, "late": True}])
    Table(columns=['order', 'paid', 'late'], rows=[['1731', 'null', ''], ['8', '', 'True']], more=0)
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(row, Mapping) for row in rows) or not rows:
        return None
    columns = list(dict.fromkeys(str(name) for row in rows for name in row))
    shown = columns[:MOST_COLUMNS]
    lines = [[in_words(row[name]) if name in row else "" for name in shown] for row in rows[:MOST_ROWS]]
    return Table(shown, lines, len(columns) - len(shown))


def in_words(value: object) -> str:
    """Return `value` as a page shows it; null is said, and what is long is cut.

    >>> in_words(None), in_words(0.123456789), in_words(["a", 2]), in_words({"a": None})
    ('null', '0.123457', 'a, 2', 'a: null')
    """
    if value is None:
        return "null"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {in_words(one)}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(in_words, value))
    words = value.isoformat() if isinstance(value, date) else str(value)
    return words if len(words) <= MOST_LETTERS or "\n" in words else f"{words[:MOST_LETTERS]}…"


def _cost(told: object) -> Cost | None:
    if not isinstance(told, Mapping) or not {"metric", "with", "without"} <= told.keys():
        return None
    rows = told.get("rows")
    return Cost(str(told["metric"]), number(told["with"]), number(told["without"]), rows if isinstance(rows, int) else None)


def _origins(told: object, made_from: object, known: Known) -> list[Origin]:
    if not isinstance(told, Mapping):
        return []
    sources = made_from if isinstance(made_from, Mapping) else {}
    return [
        Origin(
            str(feature), str(column), place_named(known, str(column)),
            [(str(name), place_named(known, str(name))) for name in sources.get(feature, ()) if name != column],
        )
        for feature, column in told.items()
    ]  # fmt: skip
