"""What a query was found to say: which columns it gives, what each is made from, and what decides its rows."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from shipworthy.errors import ShipworthyError

How = Literal["same", "computed"]
Term = tuple[int | str, ...]


class NotUnderstood(ShipworthyError):
    """A query whose columns cannot be told: not in the grammar, or dependent on data that nobody has looked at."""


class Read(NamedTuple):
    """A column of a table that a query reads, both as the caller names them; its rows, as `count(*)` does, where `column` is None."""

    table: str
    column: str | None


@dataclass(frozen=True, slots=True)
class Output:
    """One column that a query gives; `term` is the place of its expression in the statement's terms."""

    name: str
    how: How
    reads: tuple[Read, ...]
    term: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a query says.

    Args:
        outputs: its columns, in order.
        rows: the columns that decide which rows there are: filters, joins, groupings, limits.
        open: tables whose columns nobody knows and that are handed on whole (`select *`), without the names in `shut`.
        shut: what such a star leaves out.
        vague: what could not be told of which column, in words; empty where all is known.
        outside: tables and files that the caller did not name.
        terms: expressions, each after those that it is made of: an operator, then numbers of terms or texts. Names, spelling,
            comments, the order of what may be swapped and the way over aliases and subqueries are gone from them.
        rows_term: the place of what decides the rows.
    """

    outputs: tuple[Output, ...]
    rows: tuple[Read, ...]
    open: tuple[str, ...]
    shut: tuple[str, ...]
    vague: tuple[str, ...]
    outside: tuple[str, ...]
    terms: tuple[Term, ...]
    rows_term: int
