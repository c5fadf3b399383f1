"""Rows that are alike in all columns, and how many of them coarse columns make by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from typing import Any

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.checks.training_set.base.rows import SHOWN_ROWS, shown_rows
from shipworthy.gateways.engine import Connection

MOST_TRIED = 5
LEAST_PAIRS = 5
SALT = 1_000_003  # the hashes of one value in two columns must not be the same, or they would undo one another


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was found of rows that are alike.

    Args:
        beyond: rows beyond the first of those alike.
        pairs: pairs of rows alike.
        by_chance: how many pairs chance gives, as `chance_pairs` has it.
        examples: the largest group of rows alike, at most five of it.
    """

    beyond: int
    pairs: int
    by_chance: float
    examples: Sequence[Mapping[str, Any]] = field(default_factory=list)

    @property
    def explained(self) -> float:
        """The share of them that chance explains, 0 to 1; 1 where there are none."""
        return float(self.by_chance / self.pairs) if self.pairs else 1.0

    @property
    def rows(self) -> int:
        """Rows too many that chance does not explain."""
        return round(self.beyond * (1 - self.explained))


def repeats(frame: Frame, columns: Mapping[str, str], diverse: Sequence[str]) -> Repeats:
    """Return the rows of `frame` that are alike in all of `columns`, nulls alike.

    Args:
        frame: the training set.
        columns: what must be alike: SQL over the rows of the frame, by name; at least one.
        diverse: those among them that tell rows apart best; chance is estimated by pairs of these.
    """
    tried = diverse[:MOST_TRIED]
    hashes = {name: f"hash(xor(hash({sql}), hash({SALT + place})))" for place, (name, sql) in enumerate(columns.items())}
    each = "".join(f", {hashes[name]} as h{place}" for place, name in enumerate(tried))
    with frame.opened() as connection:
        connection.execute(f"create temp table coded as select row_number, {_mixed(list(hashes.values()))} as whole{each} from frame")
        beyond, pairs = _alike(connection, "whole")
        if not pairs:
            return Repeats(0, 0, 0.0)
        chance = max((_by_chance(connection, pairs, one, other) for one, other in combinations(range(len(tried)), 2)), default=0.0)
        return Repeats(beyond, pairs, min(chance, float(pairs)), shown_rows(frame, _largest(connection)))


def most_diverse(frame: Frame) -> list[str]:
    """Return the features in the order in which they tell rows apart: the least chance that two rows agree in it first."""
    rows = frame.rows.num_rows

    def agree(name: str) -> float:
        found = frame.values[name]
        return float(((found.counts / rows) ** 2).sum() + (found.nulls / rows) ** 2)

    return sorted(frame.features, key=agree)


def chance_pairs(whole: int, without_one: int, without_other: int, without_both: int) -> float:
    """Return how many of the `whole` pairs alike chance gives, if two columns agree independently where all others do.

    Of the pairs that agree in all other columns, b agree in one of the two alone, c in the other alone, d in neither: chance
    makes b c / d of them agree in both, the product of the margins of a table of two by two. True copies agree in both whatever
    the columns; half a pair is added to each so that few pairs say little.

    Args:
        whole: pairs alike in all columns.
        without_one: pairs alike in all columns but the one.
        without_other: pairs alike in all but the other.
        without_both: pairs alike in all but these two.

    Source:
        Sekar and Deming (1949), "On a Method of Estimating Birth and Death Rates", the term of those that both lists miss; the half is
        Haldane's (1956).

    >>> round(chance_pairs(35, 35, 35, 35), 2), round(chance_pairs(100, 1000, 1100, 11_000), 1)
    (0.5, 100.1)
    """
    one, other = without_one - whole, without_other - whole
    neither = without_both - whole - one - other
    return (one + 0.5) * (other + 0.5) / (neither + 0.5)


def _by_chance(connection: Connection, whole: int, one: int, other: int) -> float:
    """Return what a pair of columns says of chance, nothing where too few rows agree in all but these."""
    ignoring = [f"xor(whole, h{one})", f"xor(whole, h{other})", f"xor(whole, xor(h{one}, h{other}))"]
    without = [_alike(connection, key)[1] for key in ignoring]
    neither = without[2] - without[0] - without[1] + whole
    return chance_pairs(whole, *without) if neither >= LEAST_PAIRS else 0.0


def _mixed(hashes: Sequence[str]) -> str:
    """Return SQL of one hash of all, from which each can be taken away again by the same operation."""
    return reduce(lambda one, other: f"xor({one}, {other})", hashes)


def _alike(connection: Connection, key: str) -> tuple[int, int]:
    """Return the rows beyond one of each, and the pairs of rows alike."""
    counted = f"select count(*)::hugeint as rows from coded group by {key}"
    beyond, pairs = connection.execute(f"select sum(rows - 1), sum(rows * (rows - 1)) // 2 from ({counted})").fetchall()[0]
    return int(beyond or 0), int(pairs or 0)


def _largest(connection: Connection) -> list[int]:
    largest = "select whole from coded group by whole having count(*) > 1 order by count(*) desc, min(row_number) limit 1"
    sql = f"select row_number from coded where whole = ({largest}) order by row_number limit {SHOWN_ROWS}"
    return [row[0] for row in connection.execute(sql).fetchall()]
