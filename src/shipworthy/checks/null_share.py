"""How much of a column is missing."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import Check


class NullShare(Check):
    """Share of rows whose value is null.

    A useful feature may well be half empty, so the level alone is out of bounds only where next to nothing is left;
    a rise since the last build is what `base.learnt` bounds.

    Fires when a join or an export upstream loses a column.
    Blind to stand-ins such as -1 or 'unknown': turn those into nulls in the feature's SQL.
    """

    unit = "share of rows, 0 to 1"
    default = Bound(high=0.95)
    passes = "(1), (null)"
    fails = "(cast(null as integer)), (null)"
    fix = "look for the join or the export that lost the values; if it is right so, write a bound for this column"

    def sql(self, column: str) -> str:
        """Return the share of nulls."""
        return f"avg(({column} is null)::int)"

    def offending(self, column: str) -> str:
        """Return what a row without a value is."""
        return f"{column} is null"
