"""How long ago the newest row is."""

from shipworthy.bounds import Bound
from shipworthy.checks.base import AS_OF, Check


class Freshness(Check):
    """Hours from the newest declared time that has come to the moment that the table is looked at.

    The default suits a table that is written at least monthly; give one that is written hourly a bound of its own.

    Fires when a source has stopped and nobody has said so.
    Blind to a source of which only a part has stopped, and to a daily table that is a few weeks late.
    """

    asked_of = "time"
    unit = "hours"
    default = Bound(high=35 * 24)
    passes = "(timestamptz '2024-01-01 00:00:00+00'), (timestamptz '2025-12-31 00:00:00+00')"
    fails = "(timestamptz '2024-01-01 00:00:00+00'), (timestamptz '2025-11-01 00:00:00+00')"
    fix = "find out since when the source has delivered nothing; if it is static, declare it 'static: true'"

    def sql(self, column: str) -> str:
        """Return the age of the newest time, in hours."""
        return f"epoch({AS_OF} - max({column}) filter ({column} <= {AS_OF})) / 3600"

    def example(self, relation: str, column: str, shown: str) -> str:
        """Return the query for the newest time."""
        return f"select max({column}) as newest from {relation} where {column} <= {AS_OF}"
