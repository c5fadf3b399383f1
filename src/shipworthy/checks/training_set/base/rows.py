"""Rows of a training set as a finding shows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isnan
from typing import Any

import pyarrow as pa

from shipworthy.checks.training_set.base.frame import Frame

SHOWN_ROWS = 5
SHOWN_FEATURES = 8


def shown_rows(frame: Frame, places: Iterable[int], features: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Return rows by their numbers, at most five: entity, time, some features, label; as JSON can hold them.

    Args:
        frame: the training set.
        places: which rows.
        features: which features, or columns beside them, the first eight if None.
    """
    chosen = list(frame.features)[:SHOWN_FEATURES] if features is None else list(features)
    names = dict.fromkeys(["entity", "decided_at", *chosen, "label"])
    taken = pa.array([int(place) for place in places][:SHOWN_ROWS], pa.int64())
    found = pa.table({name: frame.column(name).take(taken) for name in names})
    return [{name: plain(value) for name, value in row.items()} for row in found.to_pylist()]


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: times and what else is not a number, text or boolean as text.

    >>> from datetime import date
    >>> plain(date(2026, 1, 1)), plain(3), plain(None)
    ('2026-01-01', 3, None)
    """
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and isnan(value):
        return "NaN"
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def in_words(row: dict[str, Any]) -> str:
    """Return a row in a line.

    >>> in_words({"a": 1, "b": None})
    'a = 1, b = null'
    """
    return ", ".join(f"{name} = {'null' if value is None else value}" for name, value in row.items())
