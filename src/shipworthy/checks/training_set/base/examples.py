"""Small training sets that checks show as sound or as wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.checks.base.contract import Kind
from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.records import Task

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Shown = Sequence[Any] | npt.NDArray[Any]
HELD_SHARE = 0.25
UNKNOWN_YET = 10
KINDS: Mapping[str, Kind] = {"string": "text", "int64": "integer", "double": "number", "bool": "boolean", "date32[day]": "date"}


def chance(seed: int = 0) -> np.random.Generator:
    """Return where an example's random numbers come from."""
    return np.random.default_rng(seed)


def shown(
    columns: Mapping[str, Shown],
    label: Shown,
    *,
    task: Task = "binary",
    entity: Sequence[Any] | None = None,
    every: timedelta = timedelta(hours=1),
    roles: Mapping[str, str] | None = None,
    **more: Any,
) -> Frame:
    """Return a training set with `columns` and `label`, decided one after the other, the last quarter held out.

    A label is known ten decisions later, or after a day where that is less; what was not known when the holdout began is not fitted.

    Args:
        columns: the features.
        label: what came true.
        task: regression or binary.
        entity: what was decided; one of its own for each row if None.
        every: the time from one decision to the next.
        roles: of the features that have one.
        more: further fields of the frame.
    """
    rows, latency = len(label), min(timedelta(days=1), UNKNOWN_YET * every)
    decided = [BEGIN + number * every for number in range(rows)]
    table = pa.table(
        {
            "entity": list(entity) if entity is not None else [f"e{number:06}" for number in range(rows)],
            "decided_at": pa.array(decided, pa.timestamp("us", "UTC")),
            **{name: pa.array(values) for name, values in columns.items()},
            "known_at": pa.array([moment + latency for moment in decided], pa.timestamp("us", "UTC")),
            "label": pa.array(label),
        }
    )
    held = np.arange(rows) >= rows * (1 - HELD_SHARE)
    features = {name: Feature(kind(table.schema.field(name).type), "shown", name, (roles or {}).get(name)) for name in columns}
    as_of = BEGIN + rows * every + timedelta(days=2)
    fit = np.arange(rows) < rows - held.sum() - UNKNOWN_YET
    return replace(Frame("shown", task, table, features, as_of, fit=fit, holdout=held), **more)


def retimed(frame: Frame, decided: npt.ArrayLike, known: npt.ArrayLike, as_of: float) -> Frame:
    """Return `frame` with other moments: of decision, in ascending order, and of knowledge of the label; in seconds after the beginning."""
    rows = frame.rows
    for name, seconds in (("decided_at", decided), ("known_at", known)):
        micros = (np.asarray(seconds, np.float64) * 1e6 + BEGIN.timestamp() * 1e6).astype("datetime64[us]")
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(micros, pa.timestamp("us")).cast(pa.timestamp("us", "UTC")))
    return replace(frame, rows=rows, as_of=BEGIN + timedelta(seconds=as_of))


def kind(type_: pa.DataType) -> Kind:
    """Return what a column of this Arrow type holds."""
    return "timestamp" if pa.types.is_timestamp(type_) else KINDS.get(str(type_), "number")


def sound(rows: int = 600, seed: int = 0) -> dict[str, Any]:
    """Return the arguments of a training set in which all is well: `columns` and a `label` that they explain in part.

    >>> example = shown(**sound(rows=40))
    >>> example.rows.num_rows, list(example.features), int(example.holdout.sum())
    (40, ['amount', 'visits', 'plan'], 10)
    """
    drawn = chance(seed)
    amount, visits = drawn.lognormal(3, 0.5, rows), drawn.poisson(6, rows)
    plan = drawn.choice(["basic", "family", "student"], rows)
    odds = 0.8 * (np.log(amount) - 3) + 0.2 * (visits - 6) + 0.5 * (plan == "family") + drawn.logistic(0, 1, rows)
    return {"columns": {"amount": amount.round(2), "visits": visits, "plan": list(plan)}, "label": (odds > 0).astype(int)}
