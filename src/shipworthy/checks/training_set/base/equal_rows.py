"""Rows that are equal in all their features."""

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.checks.training_set.base.values import Whole
from shipworthy.gateways.engine import quoted


def equal_rows(frame: Frame) -> Whole:
    """Return one number for each row, shape (n,): rows that are equal in all features, nulls included, have the same.

    Entity, times and label are not looked at. All rows are, by their hash.
    """
    return frame.once("equal rows", lambda: _equal_rows(frame))


def _equal_rows(frame: Frame) -> Whole:
    columns = ", ".join(quoted(name) for name in frame.features)
    hashed = f"select row_number as n, hash({columns}) as h from frame"
    with frame.opened() as connection:
        table = connection.execute(f"select dense_rank() over (order by h) - 1 as same from ({hashed}) order by n").to_arrow_table()
    found: Whole = table.column("same").to_numpy()
    return found
