"""Whether a served value is what the lake gives for it now, and why not: pure functions of two sides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

Cause = Literal["stale", "late", "definition", "missing"]
Mask = npt.NDArray[np.bool_]
TOLERANCE = 1e-9

WORDS: dict[Cause, str] = {
    "stale": "the store held an older row than was known at the decision",
    "late": "the row was not in the relation when it was served, though its times say that it was known",
    "definition": "the served value is not what the feature's SQL gives",
    "missing": "the entity is on one side only",
}
FIX: dict[Cause, str] = {
    "stale": "build more often than the relation changes, or declare the latency that it really has, so that training waits as long",
    "late": "let 'known_time' be when the row arrived, or declare a longer 'latency': training has used it too early",
    "definition": "train again after a change of SQL; let requests leave the feature out, so that it is looked up",
    "missing": "look for rows that were deleted, for keys written in two ways, and whether the store lost entities; then build",
}


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a relation that a decision's features are of: whether there is one, and its times; None for a static one."""

    found: bool
    event: datetime | None = None
    known: datetime | None = None

    @property
    def effect(self) -> datetime | None:
        """From when on the row counts; None is always."""
        return self.event if self.event is None or self.known is None else max(self.event, self.known)

    @property
    def order(self) -> tuple[datetime, datetime] | None:
        """What makes one row of an entity newer than another: its event, then its knowledge."""
        return None if self.event is None or self.known is None else (self.event, self.known)


@dataclass(frozen=True, slots=True)
class Sides:
    """One decision and one relation, seen from the store, from the version that it held, and from the lake now.

    `online` is the row that was looked up, also where it was too old to serve. `then` is the row that the version in the store
    gives, `now` the one that the newest version gives, each as of the decision. `shelved_at` is the moment whose knowledge the
    store held; `redefined` whether the relation's SQL has changed since.
    """

    online: Row
    then: Row
    now: Row
    shelved_at: datetime
    redefined: bool


def same_numbers(served: npt.NDArray[np.float64], given: npt.NDArray[np.float64]) -> Mask:
    """Return where two columns of n numbers are the same, shape (n,): null (NaN) equals null, and the last digits do not count.

    >>> same_numbers(np.array([1.0, np.nan, 2.0]), np.array([1.0 + 1e-12, np.nan, np.nan])).tolist()
    [True, True, False]
    """
    with np.errstate(invalid="ignore"):
        near = (served == given) | (np.abs(served - given) <= TOLERANCE * np.maximum(np.abs(served), np.abs(given)))
    same: Mask = near | (np.isnan(served) & np.isnan(given))
    return same


def cause(sides: Sides, *, value_then_was_served: bool) -> Cause:
    """Return why features that were looked up are not what the lake gives for them now.

    Args:
        sides: the rows behind both; they, or their values, differ.
        value_then_was_served: whether the value in the version that the store held is the served one; False where not known.

    >>> noon, later = datetime(2026, 5, 1, 12), datetime(2026, 5, 1, 13)
    >>> old, new = Row(True, noon, noon), Row(True, later, later)
    >>> cause(Sides(old, old, new, noon, False), value_then_was_served=True)
    'stale'
    >>> cause(Sides(old, old, new, later, False), value_then_was_served=True)
    'late'
    """
    changed: Cause = "definition" if sides.redefined else "late"
    if not sides.online.found:
        return "missing" if sides.then.found else _not_there(sides, changed)
    if not sides.now.found:
        return "definition" if sides.redefined else "missing"
    if sides.online.order == sides.now.order:
        return changed if value_then_was_served else "definition"
    if sides.online.order is not None and sides.now.order is not None and sides.online.order < sides.now.order:
        return "stale" if sides.then.order == sides.now.order else _not_there(sides, changed)
    return "definition" if sides.redefined else "missing"


def _not_there(sides: Sides, changed: Cause) -> Cause:
    """Return why the row that counts now was not in the store: it came after the store was filled, or its times tell otherwise."""
    effect = sides.now.effect
    return "stale" if effect is not None and effect > sides.shelved_at else changed
