"""Small made-up histories, and what a decision gets of them by brute force: row by row, in plain Python."""

import atexit
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from shipworthy.data.relation import Relation
from shipworthy.errors import BadData
from shipworthy.gateways import lake
from shipworthy.gateways.engine import Connection, memory
from shipworthy.spec.model import ModelSpec

MOMENT = pa.timestamp("us", tz="UTC")
BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
HORIZON, LATENCY = 3, 2


def at(hours: float | None) -> datetime | None:
    return None if hours is None else BEGIN + timedelta(hours=hours)


def moment(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


@dataclass(frozen=True)
class History:
    """Rows as tuples, times in hours. The features are known late, after a latency, and always, in turn."""

    decisions: Sequence[tuple[int, int, str | None, int | None]] = ()  # id, time, carrier, gate
    labels: Sequence[tuple[int, int | None, float | None]] = ()  # id, known, value
    late: Sequence[tuple[str | None, int | None, int | None, int | None, int | None]] = ()  # carrier, gate, event, known, value
    steady: Sequence[tuple[str | None, int | None, int | None]] = ()  # carrier, event, value
    fixed: Sequence[tuple[int | None, int | None]] = ()  # gate, value
    max_age: int | None = None

    def __or__(self, other: "History") -> "History":
        rows = {name: [*getattr(self, name), *getattr(other, name)] for name in ("decisions", "labels", "late", "steady", "fixed")}
        return replace(self, **rows)


def spec(history: History = History(), **replaced: Any) -> ModelSpec:
    age = {"max_age": f"{history.max_age} hours"} if history.max_age else {}
    said = {
        "model": "late_arrival",
        "decisions": {"relation": "decided", "entity": "id", "time": "time", "features": ["hour"]},
        "label": {"relation": "came", "column": "value", "known_at": "known", "horizon": f"{HORIZON} hours"},
        "features": [
            {"relation": "late", "on": ["carrier", "gate"], "prefix": "late_", **age},
            {"relation": "steady", "on": "carrier", "prefix": "steady_", **age},
            {"relation": "fixed", "on": "gate", "prefix": "fixed_"},
        ],
    }
    return ModelSpec.model_validate(said | replaced)


TYPES: dict[str, dict[str, pa.DataType]] = {
    "decided": {"id": pa.int64(), "time": MOMENT, "carrier": pa.string(), "gate": pa.int64(), "hour": pa.int64()},
    "came": {"id": pa.int64(), "known": MOMENT, "value": pa.float64()},
    "late": {"carrier": pa.string(), "gate": pa.int64(), "event": MOMENT, "known": MOMENT, "value": pa.int64()},
    "steady": {"carrier": pa.string(), "event": MOMENT, "value": pa.int64()},
    "fixed": {"gate": pa.int64(), "value": pa.int64()},
}
SQL = {pa.int64(): "BIGINT", MOMENT: "TIMESTAMP WITH TIME ZONE", pa.string(): "VARCHAR", pa.float64(): "DOUBLE"}


def relations() -> dict[str, Relation]:
    columns = {name: {column: SQL[kind] for column, kind in kinds.items()} for name, kinds in TYPES.items()}
    return {
        "decided": Relation("decided", columns=columns["decided"]),
        "came": Relation("came", columns=columns["came"]),
        "late": Relation("late", ("carrier", "gate"), "event", "known", columns=columns["late"]),
        "steady": Relation("steady", ("carrier",), "event", latency=timedelta(hours=LATENCY), columns=columns["steady"]),
        "fixed": Relation("fixed", ("gate",), static=True, columns=columns["fixed"]),
    }


def tables(history: History) -> dict[str, pa.Table]:
    rows = {
        "decided": [(key, at(time), carrier, gate, time % 24) for key, time, carrier, gate in history.decisions],
        "came": [(key, at(known), value) for key, known, value in history.labels],
        "late": [(carrier, gate, at(event), at(known), value) for carrier, gate, event, known, value in history.late],
        "steady": [(carrier, at(event), value) for carrier, event, value in history.steady],
        "fixed": list(history.fixed),
    }
    return {name: _table(TYPES[name], rows[name]) for name in rows}


def _table(types: Mapping[str, pa.DataType], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return pa.table({name: pa.array(list(values), kind) for (name, kind), values in zip(types.items(), columns, strict=True)})


def publish(folder: Path, history: History, **replaced: pa.Table) -> Path:
    """Write a history to a lake; `replaced` tables in place of its own."""
    for name, table in (tables(history) | replaced).items():
        lake.overwrite(folder, f"published/{name}", table)
    return folder


def answer(sql: str, history: History) -> list[dict[str, Any]]:
    """The rows of generated SQL over a history, in the order of decisions; times in hours."""
    for name, table in tables(history).items():
        _engine().register(f"published/{name}", table)
    rows = _engine().execute(sql).to_arrow_table().to_pylist()
    hours = [{name: _hours(value) for name, value in row.items()} for row in rows]
    return sorted(hours, key=lambda row: (row.get("decided_at", 0), str(row.get("entity"))))


@cache
def _engine() -> Connection:
    """One engine for all examples: to open one takes longer than to ask it."""
    opened = ExitStack()
    atexit.register(opened.close)
    return opened.enter_context(memory())


def _hours(value: Any) -> Any:
    return round((value - BEGIN) / timedelta(hours=1)) if isinstance(value, datetime) else value


def expected(history: History, as_of: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The training set and the fates by brute force.

    Raises:
        BadData: a decision meets two rows of one moment.
    """
    rows, fates = [], dict[str, int]()
    for decision in sorted(history.decisions, key=lambda row: (row[1], str(row[0]))):
        if decision[1] > as_of:
            continue
        label = next(((known, value) for key, known, value in history.labels if key == decision[0] and _past(known, as_of)), (None, None))
        fate = _fate(decision[1], label, as_of)
        fates[fate] = fates.get(fate, 0) + 1
        if fate == "kept":
            rows.append(features_of(history, decision, as_of) | {"known_at": label[0], "label": label[1]})
    return rows, fates


def _fate(time: int, label: tuple[int | None, float | None], as_of: int) -> str:
    if time + HORIZON > as_of:
        return "immature"
    if label[0] is None or label[1] is None:
        return "unlabelled"
    return "already_known" if label[0] <= time else "kept"


def features_of(history: History, decision: tuple[int, int, str | None, int | None], as_of: int) -> dict[str, Any]:
    key, time, carrier, gate = decision
    late = [(event, known, value) for *entity, event, known, value in history.late if entity == [carrier, gate] and None not in entity]
    steady = [(event, event + LATENCY, value) for name, event, value in history.steady if name == carrier and None not in (name, event)]
    fixed = [value for name, value in history.fixed if name == gate and name is not None]
    return {
        "entity": key,
        "decided_at": time,
        "hour": time % 24,
        "late_value": _latest(late, time, as_of, history.max_age),
        "steady_value": _latest(steady, time, as_of, history.max_age),
        "fixed_value": fixed[0] if fixed else None,
    }


def _past(time: int | None, now: int) -> bool:
    return time is not None and time <= now


def _latest(rows: Sequence[tuple[int | None, int | None, int | None]], time: int, as_of: int, max_age: int | None) -> int | None:
    seen = [row for row in rows if _past(row[0], time) and _past(row[1], min(time, as_of))]
    if not seen:
        return None
    event, known = max(row[:2] for row in seen)
    if max_age is not None and time - event > max_age:
        return None
    best = [row for row in seen if row[:2] == (event, known)]
    if len(best) > 1:
        raise BadData(where="history", what="two rows of one moment", fix="")
    return best[0][2]
