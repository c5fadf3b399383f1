"""Times that have not come yet."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import AS_OF, Check


class FutureTime(Check):
    """Rows whose declared time lies after the moment that the table is looked at.

    Fires when a plan is stored as a fact, a time zone was mistaken, or a date has a typo.
    Blind to times that are wrong and past.
    """

    asked_of = "time"
    unit = "rows"
    default = Bound(high=0)
    passes = "(timestamptz '2025-12-31 23:00:00+00'), (timestamptz '2026-01-01 00:00:00+00')"
    fails = "(timestamptz '2025-12-31 23:00:00+00'), (timestamptz '2026-01-01 00:00:01+00')"
    fix = "check the time zone and the column: a time says when something happened, not when it is planned"

    def sql(self, column: str) -> str:
        """Return how many times are still to come; without any time nothing can be said."""
        return f"case when count({column}) > 0 then count(*) filter ({self.offending(column)}) end"

    def offending(self, column: str) -> str:
        """Return what a time to come is."""
        return f"{column} > {AS_OF}"
