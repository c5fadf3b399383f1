"""Whether the key names one row."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import Check


class DuplicateKeys(Check):
    """Rows beyond one for each key; a row whose key has a null is one too many.

    Fires when a join multiplied rows, or the grain is finer than was said.
    Blind to two rows of one thing under different keys.
    """

    asked_of = "key"
    unit = "rows too many for the key"
    default = Bound(high=0)
    passes = "(1), (2)"
    fails = "(1), (1), (2)"
    fix = "correct the join that multiplies rows, or declare the columns that really name a row"

    def sql(self, column: str) -> str:
        """Return how many rows there are beyond the distinct keys."""
        return f"count(*) - count(distinct {column})"

    def example(self, relation: str, column: str, shown: str) -> str:
        """Return the query for the key with the most rows, or for one that has a null."""
        several = f"count(*) > 1 or count({column}) = 0"
        return f"select {shown}, count(*) as rows from {relation} group by all having {several} order by rows desc, {shown} limit 1"
