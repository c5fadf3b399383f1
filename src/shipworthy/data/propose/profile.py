"""What a team's tables hold, as far as keys, times and outcomes go: evidence for guesses, no rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product

from shipworthy.data.propose.manifest import Described
from shipworthy.gateways.engine import Connection, quoted

MOST_TIMES = 6
MOST_KEYS = 6
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL")
KEY_ENDINGS = ("id", "_key", "_code", "_number", "_no", "_sk", "_uuid")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL type, distinct values and nulls; of a time how many lie at midnight.

    `distinct` does not count nulls; it is an estimate but for columns that can name things.
    `share` is the mean of a column that holds two values, true or false, 1 or 0; else None.
    """

    type: str
    distinct: int
    nulls: int
    midnights: int | None = None
    share: float | None = None

    @property
    def is_time(self) -> bool:
        """Whether it holds days or moments."""
        return self.type.startswith(("TIMESTAMP", "DATE"))

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.type.partition("(")[0] in NUMBERS

    @property
    def can_name(self) -> bool:
        """Whether its type is one that names things: text or whole numbers."""
        return self.type in ("VARCHAR", "UUID") or self.type.endswith("INTEGER") or self.type.endswith("BIGINT")


@dataclass(frozen=True, slots=True)
class Lag:
    """How one time follows another: in how many of `rows` it comes before it, and the days between them."""

    rows: int
    before: int
    median_days: float | None
    most_days: float | None
    """What 95 of 100 rows do not exceed."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one table holds.

    `grains` is the number of distinct pairs of a key and a time; `lags` tells of (later, earlier) times of one row.
    """

    rows: int
    columns: Mapping[str, Column]
    grains: Mapping[tuple[str, str], int] = field(default_factory=dict)
    lags: Mapping[tuple[str, str], Lag] = field(default_factory=dict)

    @property
    def times(self) -> list[str]:
        """The columns that hold days or moments."""
        return [name for name, column in self.columns.items() if column.is_time]


def profiles(connection: Connection, models: Mapping[str, Described]) -> dict[str, Profile]:
    """Return the profile of each model that is in the database that `connection` has open, by name."""
    there = set(connection.execute("select table_schema, table_name from information_schema.tables").fetchall())
    return {
        name: profile(connection, f"{quoted(model.schema)}.{quoted(model.table)}")
        for name, model in models.items()
        if (model.schema, model.table) in there
    }


def profile(connection: Connection, relation_sql: str) -> Profile:
    """Return the profile of an SQL relation, from two scans of it."""
    types = {name: str(kind).upper() for name, kind, *_ in connection.execute(f"describe select * from {relation_sql}").fetchall()}
    asked = [sql for name, kind in types.items() for sql in _aggregates(quoted(name), Column(kind, 0, 0))]
    rows, *found = connection.execute(f"select count(*), {', '.join(asked)} from {relation_sql}").fetchall()[0]
    parts = [found[start : start + 4] for start in range(0, len(found), 4)]
    columns = {
        name: Column(kind, distinct, nulls, midnights, share)
        for (name, kind), (distinct, nulls, midnights, share) in zip(types.items(), parts, strict=True)
    }
    grains, lags = _pairs(connection, relation_sql, columns)
    return Profile(rows, columns, grains, lags)


def looks_like_key(name: str) -> bool:
    """Return whether a column is called like a key.

    >>> looks_like_key("customer_id"), looks_like_key("amount")
    (True, False)
    """
    return name.lower().endswith(KEY_ENDINGS)


def _aggregates(column: str, kind: Column) -> list[str]:
    distinct = f"count(distinct {column})" if kind.can_name else f"approx_count_distinct({column})"
    midnights = f"count(*) filter ({column}::timestamp = date_trunc('day', {column}::timestamp))" if kind.is_time else "null"
    number = f"{column}::double" if kind.is_number else f"{column}::int::double" if kind.type == "BOOLEAN" else None
    two_valued = f"min({number}) = 0 and max({number}) = 1 and count(*) filter ({number} not in (0, 1)) = 0"
    share = f"case when {two_valued} then avg({number}) end" if number else "null"
    return [distinct, f"count(*) filter ({column} is null)", midnights, share]


def _pairs(
    connection: Connection, relation_sql: str, columns: Mapping[str, Column]
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], Lag]]:
    times = [name for name, column in columns.items() if column.is_time][:MOST_TIMES]
    keys = [name for name, column in columns.items() if column.can_name and looks_like_key(name)][:MOST_KEYS]
    together, ordered = list(product(keys, times)), list(permutations(times, 2))
    asked = [_distinct_pairs(*pair) for pair in together] + [sql for pair in ordered for sql in _lag(*pair)]
    if not asked:
        return {}, {}
    found: Sequence[float] = connection.execute(f"select {', '.join(asked)} from {relation_sql}").fetchall()[0]
    counted, lagged = found[: len(together)], found[len(together) :]
    lags = {pair: Lag(*(lagged[4 * place : 4 * place + 4])) for place, pair in enumerate(ordered)}  # type: ignore[arg-type]
    return {pair: int(count) for pair, count in zip(together, counted, strict=True)}, lags


def _distinct_pairs(key: str, time: str) -> str:
    key, time = quoted(key), quoted(time)
    return f"count(distinct case when {key} is not null and {time} is not null then row({key}, {time}) end)"


def _lag(later: str, earlier: str) -> list[str]:
    days = f"epoch({quoted(later)}::timestamp - {quoted(earlier)}::timestamp) / 86400"
    return [f"count({days})", f"count(*) filter ({days} < 0)", f"quantile_cont({days}, 0.5)", f"quantile_cont({days}, 0.95)"]
