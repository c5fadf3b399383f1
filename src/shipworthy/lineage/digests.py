"""One short text for each expression of a statement: the same for what is the same, whatever it stands in."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from shipworthy.gateways.sql import COMMUTATIVE, SETS, Statement

Value = str | frozenset[str]


def digests(statement: Statement, column: Callable[[str, str], str], rows: Callable[[str], frozenset[str]]) -> list[Value]:
    """Return the digest of each term of `statement`, in order; a set of conditions is the set of their digests.

    Args:
        statement: what a query says.
        column: the digest of a column of a table.
        rows: the digests of what decides the rows of a table.
    """
    found: list[Value] = []
    for operator, *parts in statement.terms:
        if operator == "col":
            found.append(column(str(parts[0]), str(parts[1])))
        elif operator == "rows":
            found.append(rows(str(parts[0])))
        elif operator in SETS:
            found.append(frozenset().union(*(_as_set(found[int(part)]) for part in parts)))
        else:
            said = [_text(found[part]) if isinstance(part, int) else part for part in parts]
            found.append(short(str(operator), *(sorted(said) if operator in COMMUTATIVE else said)))
    return found


def local(statement: Statement) -> list[Value]:
    """Return the digest of each term of `statement` with its tables as they are named."""
    return digests(statement, lambda table, column: short("col", table, column), lambda table: frozenset({short("rows", table)}))


def short(*parts: str) -> str:
    """Return a short text that stands for `parts` in this order.

    >>> short("a", "b") == short("a", "b"), short("a", "b") == short("ab")
    (True, False)
    """
    return sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def without_casts(statement: Statement, found: Sequence[Value], number: int) -> str:
    """Return the digest of the term `number` without the casts around it; what brings its rows together stays."""
    operator, *parts = statement.terms[number]
    inner = [part for part in parts if isinstance(part, int)]
    if operator in ("cast", "trycast"):
        return without_casts(statement, found, inner[0])
    if operator in ("over", "across"):
        return short(str(operator), without_casts(statement, found, inner[0]), text_of(found, inner[1]))
    return text_of(found, number)


def _as_set(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset({value})


def _text(value: Value) -> str:
    return value if isinstance(value, str) else short("all", *sorted(value))


def text_of(found: Sequence[Value], number: int) -> str:
    """Return the digest of the term `number` as one text."""
    return _text(found[number])
