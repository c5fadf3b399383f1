"""How many rows a table has."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import Check


class RowCount(Check):
    """Number of rows.

    Fires when a filter or a join lost all but one row; against the last build (`base.learnt`), when half of them are gone.
    Blind to rows that are there but old: see freshness. No rows at all are unknown, as with every check.
    """

    asked_of = "table"
    unit = "rows"
    default = Bound(low=2)
    passes = "(1), (2)"
    fails = "(1)"
    fix = "look at the filters and joins of this relation, and at what its sources delivered"

    def sql(self, column: str) -> str:
        """Return the number of rows; `column` is `*`."""
        return f"count({column})"
