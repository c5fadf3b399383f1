"""Whether a column says anything at all."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import Check


class DistinctCount(Check):
    """Number of distinct values that are not null: exact up to one, beyond that an estimate.

    Fires when a column is stuck on one value: nothing can be learnt from it, and often a default replaced the truth.
    Blind to a column that is stuck on all but a few rows, and to one that has been stuck only lately.
    """

    unit = "distinct values"
    default = Bound(low=2)
    passes = "(1), (2), (null)"
    fails = "(1), (1), (null)"
    fix = "look upstream for what fills this column; if it is right so, leave the column out of the features"

    def sql(self, column: str) -> str:
        """Return the count; fewer than two values cannot differ, and tell nothing."""
        several = f"greatest(2, approx_count_distinct({column}))"
        return f"case when count({column}) < 2 then null when min({column}) = max({column}) then 1 else {several} end"

    def example(self, relation: str, column: str, shown: str) -> str:
        """Return the query for the only value."""
        return f"select min({column}) as only_value from {relation}"
