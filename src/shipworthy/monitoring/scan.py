"""Profiles of many windows from one scan of their rows, by grouping sets."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from shipworthy.clock import utc
from shipworthy.gateways import engine
from shipworthy.monitoring.profile import BINS_PER_UNIT, MOST_LEVELS, Anchor, Kind, Levels, Numbers, Profile
from shipworthy.records import Window

FURTHEST = 1e100  # an infinite value lies in the outermost bin
Kinds = Mapping[str, Kind]


def anchors(reference: pa.Table, kinds: Kinds) -> dict[str, Anchor]:
    """Return the anchor of each number of `reference`, to be used for every window that is compared with it.

    The centre is the median and the scale IQR / 1.35, the standard deviation where the IQR is 0, and 1 where that
    is 0 too. In range is what lies no further outside the least and the greatest value than half the distance
    between them: less slack alarms on every storm.
    """
    names = [name for name, kind in kinds.items() if kind == "number"]
    if not names:
        return {}
    asked = ", ".join(f"{{'q': quantile_cont(x{i}, [0.25, 0.5, 0.75]), {_moments(i)}}} as a{i}" for i in range(len(names)))
    finite = ", ".join(
        f"case when isfinite({_number(reference, name)}) then {_number(reference, name)} end as x{i}" for i, name in enumerate(names)
    )
    row = engine.query(f"select {asked} from (select {finite} from rows)", {"rows": reference}).to_pylist()[0]
    return {name: _anchor(**row[f"a{i}"]) for i, name in enumerate(names)}


def _moments(place: int) -> str:
    return ", ".join(f"'{name}': {name}(x{place})" for name in ("min", "max", "stddev_pop"))


def _anchor(q: list[float] | None, min: float | None, max: float | None, stddev_pop: float | None) -> Anchor:  # noqa: A002 - SQL's names
    if q is None or min is None or max is None:
        return Anchor(0.0, 1.0)
    slack = (max - min) / 2
    return Anchor(q[1], (q[2] - q[0]) / 1.35 or stddev_pop or 1.0, min - slack, max + slack)


def profile(rows: pa.Table, kinds: Kinds, anchors: Mapping[str, Anchor]) -> Profile:
    """Return the profile of all of `rows`; no rows give one with no counts.

    A column that is not there counts as null in every row: what is gone must not look sound. Text in a
    number's place counts as null unless it reads as a number.

    Args:
        rows: at least the columns of `kinds`.
        kinds: which columns to profile, and as what.
        anchors: of each number, from the reference.
    """
    return _scan(rows, np.zeros(rows.num_rows, dtype=np.int32), 1, kinds, anchors)[0]


def profiles(rows: pa.Table, windows: Sequence[Window], time: str, kinds: Kinds, anchors: Mapping[str, Anchor]) -> list[Profile]:
    """Return the profile of each of `windows` from one scan; see `profile`.

    Args:
        rows: their moments in the column `time`; those in no window are left out.
        windows: in order, not overlapping.
        time: a timestamp column; without a zone it is read as UTC, and null lies in no window.
        kinds: which columns to profile, and as what.
        anchors: of each number, from the reference.
    """
    return _scan(rows, places(rows[time], windows), len(windows), kinds, anchors)


def places(times: pa.ChunkedArray, windows: Sequence[Window]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the place in `windows` (in order, not overlapping) of each of `times`, -1 for none of them."""
    moments = times.cast(pa.timestamp("us")).cast(pa.int64()).fill_null(-(2**62)).to_numpy()
    starts, ends = (np.asarray([_micros(moment) for moment in side], dtype=np.int64) for side in _ends(windows))
    found = np.searchsorted(starts, moments, side="right") - 1
    inside = (found >= 0) & (moments < ends[found]) if len(starts) else np.zeros(len(moments), dtype=bool)
    return np.where(inside, found, -1).astype(np.int32)


def _ends(windows: Sequence[Window]) -> tuple[list[datetime], list[datetime]]:
    return [window.start for window in windows], [window.end for window in windows]


def _micros(moment: datetime) -> int:
    return int(np.datetime64(utc(moment).replace(tzinfo=None), "us").astype(np.int64))


def _scan(
    rows: pa.Table, place: np.ndarray[tuple[int], np.dtype[np.int32]], windows: int, kinds: Kinds, anchors: Mapping[str, Anchor]
) -> list[Profile]:
    totals = np.bincount(place[place >= 0], minlength=windows)
    groups: list[list[list[tuple[str | None, int, int]]]] = [[[] for _ in kinds] for _ in range(windows)]
    if kinds and totals.sum():
        kept = pa.table({**{f"c{i}": rows[name] for i, name in enumerate(kinds) if name in rows.column_names}, "w": place})
        found = engine.query(_sql(kept, list(kinds.values()), [anchors.get(name) for name in kinds]), {"rows": kept})
        for window, column, value, side, count in zip(*(found[name].to_pylist() for name in found.column_names), strict=True):
            groups[window][column].append((value, side, count))
    return [_profile(int(totals[window]), kinds, anchors, groups[window]) for window in range(windows)]


def _sql(rows: pa.Table, kinds: Sequence[Kind], anchors: Sequence[Anchor | None]) -> str:
    """Return the one query: each column's groups in each window, the rarest levels of a category together."""
    columns = range(len(kinds))
    values = ", ".join(_value(rows, f"c{i}", kind, anchors[i]) for i, kind in enumerate(kinds))
    which = " ".join(f"when grouping(v{i}) = 0 then {i}" for i in columns)
    value = " ".join(f"when grouping(v{i}) = 0 then v{i}::varchar" for i in columns)
    side = " ".join(f"when grouping(v{i}) = 0 then s{i}" for i in columns)
    sets = ", ".join(f"(w, v{i}, s{i})" for i in columns)
    categories = ", ".join(str(i) for i, kind in enumerate(kinds) if kind == "category") or "-1"
    return f"""
        with grouped as (
            select w, case {which} end as which, case {value} end as value, case {side} end as side, count(*) as n
            from (select w, {values} from rows where w >= 0) group by grouping sets ({sets})
        ), ranked as (
            select *, row_number() over (partition by w, which, value is null order by n desc, value) as place from grouped
        )
        select w, which, case when not rare then value end as value, case when rare then 1 else side end as side, sum(n)::bigint as n
        from (select *, which in ({categories}) and value is not null and place > {MOST_LEVELS} as rare from ranked)
        group by all order by w, which, n desc, value
    """


def _value(rows: pa.Table, column: str, kind: Kind, anchor: Anchor | None) -> str:
    """Return SQL for a column's group `v` (bin or level) and side `s` of its range."""
    place = column[1:]
    if column not in rows.column_names:
        return f"null::varchar as v{place}, 0 as s{place}"
    if kind == "category":
        return f"{column}::varchar as v{place}, 0 as s{place}"
    if anchor is None:
        raise ValueError("a number needs an anchor: anchors(reference, kinds) gives it")
    number = _number(rows, column)
    far = f"greatest(least(({number} - {anchor.centre!r}) / {anchor.scale!r}, {FURTHEST}), -{FURTHEST})"
    return (
        f"case when not isnan({number}) then floor(asinh({far}) * {BINS_PER_UNIT})::integer end as v{place}, "
        f"case when isnan({number}) then 0 {_outside(number, anchor)} else 0 end as s{place}"
    )


def _outside(number: str, anchor: Anchor) -> str:
    below = "" if anchor.low is None else f"when {number} < {anchor.low!r} then -1"
    return below if anchor.high is None else f"{below} when {number} > {anchor.high!r} then 1"


def _number(rows: pa.Table, name: str) -> str:
    if name not in rows.column_names:
        return "null::double"
    kind, column = rows.schema.field(name).type, engine.quoted(name)
    plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind) or pa.types.is_decimal(kind)
    return f"{column}::double" if plain else f"try_cast({column}::varchar as double)"


def _profile(rows: int, kinds: Kinds, anchors: Mapping[str, Anchor], groups: list[list[tuple[str | None, int, int]]]) -> Profile:
    held = dict(zip(kinds, groups, strict=True))
    return Profile(
        rows,
        {name: _numbers(rows, anchors[name], held[name]) for name, kind in kinds.items() if kind == "number"},
        {name: _levels(rows, held[name]) for name, kind in kinds.items() if kind == "category"},
    )


def _numbers(rows: int, anchor: Anchor, groups: list[tuple[str | None, int, int]]) -> Numbers:
    bins: dict[int, int] = {}
    for value, _, count in groups:
        if value is not None:
            bins[int(value)] = bins.get(int(value), 0) + count
    nulls = sum(count for value, _, count in groups if value is None)
    below, above = (sum(count for value, side, count in groups if side == wanted and value is not None) for wanted in (-1, 1))
    return Numbers(anchor, rows, nulls, bins, below, above)


def _levels(rows: int, groups: list[tuple[str | None, int, int]]) -> Levels:
    counts = {value: count for value, _, count in groups if value is not None}
    rest = sum(count for value, side, count in groups if value is None and side == 1)
    return Levels(rows, rows - rest - sum(counts.values()), counts, rest)
