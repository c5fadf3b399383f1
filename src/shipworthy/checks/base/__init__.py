"""What every check is: one number about one column, where it may lie, and rows that prove that it can fail."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import ClassVar, Literal

from shipworthy.bounds import Bound

AS_OF = "getvariable('sw_as_of')"
SHOWN_AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment at which the rows that a check shows, `passes` and `fails`, are looked at."""

Asked = Literal["column", "number", "text", "time", "key", "table"]


class Check(ABC):
    """One number about one column of a table, and where it should lie.

    A member says when it fires and what it is blind to, and carries rows that must pass and rows that must fail.
    """

    asked_of: ClassVar[Asked] = "column"
    """Every column, those that hold numbers or text, the declared times, the key's columns together, or the table."""

    unit: ClassVar[str]
    default: ClassVar[Bound]
    passes: ClassVar[str]
    fails: ClassVar[str]
    fix: ClassVar[str]

    @abstractmethod
    def sql(self, column: str) -> str:
        """Return the aggregate over `column`, an SQL expression; null means that nothing can be said.

        For a key `column` is null where any part of it is; for a table it is `*`. The moment that the
        table is looked at is the variable `sw_as_of`.
        """

    def offending(self, column: str) -> str | None:
        """Return the condition of a row that speaks against the column, None where no single row does."""
        return None

    def example(self, relation: str, column: str, shown: str) -> str | None:
        """Return a query for one counter-example: a row of `shown` columns, None where there is none to show."""
        condition = self.offending(column)
        return f"select {shown} from {relation} where {condition} order by all limit 1" if condition else None
