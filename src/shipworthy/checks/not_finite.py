"""Numbers that are none."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import Check


class NotFinite(Check):
    """Rows whose number is NaN or infinite.

    Fires when something was divided by zero, or a file's NaN was taken for a number.
    Blind to numbers that are finite and absurd.
    """

    asked_of = "number"
    unit = "rows"
    default = Bound(high=0)
    passes = "(1.5), (null)"
    fails = "(1.5), ('nan'::double)"
    fix = "divide by nullif(x, 0), and turn NaN into null where the file is landed"

    def sql(self, column: str) -> str:
        """Return how many numbers are not finite; without any number nothing can be said."""
        return f"case when count({column}) > 0 then count(*) filter ({self.offending(column)}) end"

    def offending(self, column: str) -> str:
        """Return what a number is that is none."""
        return f"not isfinite({column}::double)"
