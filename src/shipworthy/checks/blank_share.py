"""Text that says nothing."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import Check


class BlankShare(Check):
    """Share of texts that are empty or only spaces, among those that are not null.

    Fires when a missing value was written as '' or ' ': a model takes it for a value of its own.
    Blind to other stand-ins, such as 'NA' or 'none'.
    """

    asked_of = "text"
    unit = "share of texts, 0 to 1"
    default = Bound(high=0)
    passes = "('a'), (null)"
    fails = "('a'), (' ')"
    fix = "write nullif(trim(column), '') in the staging model"

    def sql(self, column: str) -> str:
        """Return the share of blank texts."""
        return f"avg(({self.offending(column)})::int)"

    def offending(self, column: str) -> str:
        """Return what a blank text is."""
        return f"trim({column}) = ''"
