"""How the values of each column are distributed, against the last build of the same relation.

A relation that keeps its history and gains rows cannot move further than the share of rows that it gained: if one row in twenty is
new, no share of any kind may change by more than one twentieth. What is beyond that was rewritten, by a change of unit, of
code, of spelling, or of SQL. So neither growth nor season is an alarm, and no reference has to be chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from shipworthy.checks.base.contract import Kind
from shipworthy.gateways.engine import Connection, literal, quoted
from shipworthy.records import Verdict

NAME = "distribution"
NUMBERS: tuple[Kind, ...] = ("integer", "number")
MOST_LEVELS = 200
EDGES = [part / 20 for part in range(1, 20)]
WIDEST = 0.35  # of all rows between two edges: then they are drawn anew
LEAST_ROWS = 50
FIRST_LIMIT, LEAST_LIMIT, TIMES_PAST = 0.15, 0.05, 3.0
KEPT, ENOUGH = 8, 3
CHANCE = 1.95
BELOW_ZERO = -1e-300  # an edge that leaves nothing but zeros in the bin of zero
MARK = "="  # put before a text: the engine counts what is in no bin under the empty one


@dataclass(frozen=True, slots=True)
class Shape:
    """How many values of a column lie in each bin, at one build.

    Args:
        edges: of numbers, the upper ends of all bins but the last; of others, the values that have a bin of their own.
        counts: one more than edges: the last bin holds what lies above, or is none of them.
        past: how far the column moved at earlier builds beyond what new rows explain, the latest last.
    """

    edges: tuple[float | str, ...]
    counts: tuple[int, ...]
    past: tuple[float, ...] = ()

    @property
    def rows(self) -> int:
        """Rows with a value."""
        return sum(self.counts)


def measure(
    connection: Connection,
    relation_sql: str,
    columns: Mapping[str, Kind],
    distinct: Mapping[str, float | None],
    before: Mapping[str, Shape] | None = None,
) -> dict[str, Shape]:
    """Return the shape of each column of numbers, and of each text and truth value with at most 200 values; in one scan.

    Bins are those of `before` where it has the column, so that both can be compared; a second scan draws them where it has not.

    Args:
        connection: what can read `relation_sql`.
        relation_sql: an SQL relation.
        columns: what each column holds.
        distinct: about how many values each has.
        before: the shapes of the last build.
    """
    asked = [name for name, kind in columns.items() if kind in NUMBERS or (kind in ("text", "boolean") and _few(distinct.get(name)))]
    known = {name: shape.edges for name, shape in (before or {}).items() if name in asked and _fits(shape, columns[name])}
    new = [name for name in asked if name not in known]
    edges = known | _drawn(connection, relation_sql, {name: columns[name] for name in new})
    return _counted(connection, relation_sql, {name: columns[name] for name in asked if edges.get(name)}, edges)


def judge(now: Mapping[str, Shape], before: Mapping[str, Shape], *, relation: str) -> tuple[list[Verdict], dict[str, Shape]]:
    """Return a verdict for each column that both builds have, and the shapes of now with what this build adds to their past.

    Fires when a column's history is not what it was: a unit, a code or a spelling changed, values were rounded to zero or filled in.
    Blind to a change in the new rows alone: see the monitors; and to one of less than a twentieth of all rows.
    """
    verdicts, shapes = [], dict(now)
    for name, shape in now.items():
        last = before.get(name)
        if last is not None and last.edges == shape.edges and min(last.rows, shape.rows) >= LEAST_ROWS:
            move = moved(last, shape)
            verdicts.append(_verdict(f"{relation}.{name}", last, shape, move))
            shapes[name] = replace(shape, past=(*last.past, max(0.0, move.beyond))[-KEPT:])
    return verdicts, shapes


@dataclass(frozen=True, slots=True)
class Move:
    """The largest change of a share since the last build, how much of it new rows explain, where it is, and among how many rows."""

    apart: float
    explained: float
    place: int
    before: int
    now: int

    @property
    def beyond(self) -> float:
        """What new rows do not explain."""
        return self.apart - self.explained


def moved(before: Shape, now: Shape) -> Move:
    """Return how far a column moved, by what new rows explain least: among all its values, or among those that are not zero.

    Of numbers it is the largest distance of the distribution functions at the edges, of other values the total variation.

    Source:
        Kolmogorov (1933); the bound: if F now is (1 - g) F before + g H, then |F now - F before| <= g for any H.

    >>> move = moved(Shape((1.0, 2.0), (50, 30, 20)), Shape((1.0, 2.0), (50, 30, 30)))
    >>> round(move.apart, 4), round(move.explained, 4), move.place
    (0.0727, 0.0909, 1)
    """
    zero = [place for place, edge in enumerate(before.edges) if edge == 0.0]
    moves = [_move(before, now, out) for out in ([], zero)]
    return max((move for move in moves if min(move.before, move.now) >= LEAST_ROWS), key=lambda move: move.beyond, default=moves[0])


def _move(before: Shape, now: Shape, out: Sequence[int]) -> Move:
    """Return how far a column moved without the bins `out`."""
    counts = [[0 if place in out else count for place, count in enumerate(shape.counts)] for shape in (before, now)]
    rows = [sum(part) for part in counts]
    shares = [[count / max(total, 1) for count in part] for part, total in zip(counts, rows, strict=True)]
    gaps = [one - other for one, other in zip(*shares, strict=True)]
    text = isinstance(before.edges[0], str)
    found = [abs(gap) for gap in gaps] if text else [abs(sum(gaps[: place + 1])) for place in range(len(gaps) - 1)]
    apart = sum(found) / 2 if text else max(found)
    return Move(apart, max(0.0, 1 - rows[0] / max(rows[1], 1)), found.index(max(found)), rows[0], rows[1])


def limit(past: Sequence[float], rows: int, more_rows: int, *, scaled: bool) -> float:
    """Return how far a column may move beyond what new rows explain: three times as far as it ever did, and as chance lets it.

    Without a past of three builds the least is .15, and .05 with it, or where all values are the same number of times what they were.
    """
    learnt = TIMES_PAST * max(past) if past else 0.0
    least = LEAST_LIMIT if scaled or len(past) >= ENOUGH else FIRST_LIMIT
    return max(least, learnt) + CHANCE * sqrt(1 / rows + 1 / more_rows)


def levels(shapes: Mapping[str, Shape]) -> dict[str, dict[str, int]]:
    """Return how often each value that has a bin of its own occurs, of each column of texts and truth values."""
    text = {name: one for name, one in shapes.items() if isinstance(one.edges[0], str)}
    return {
        name: {str(_shown(edge)): count for edge, count in zip(one.edges, one.counts, strict=False) if count} for name, one in text.items()
    }


def as_json(shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Return shapes as JSON can hold them."""
    return {name: {"edges": list(one.edges), "counts": list(one.counts), "past": list(one.past)} for name, one in shapes.items()}


def from_json(said: Mapping[str, Any]) -> dict[str, Shape]:
    """Return the shapes that `as_json` gave."""
    return {name: Shape(tuple(one["edges"]), tuple(one["counts"]), tuple(one["past"])) for name, one in said.items()}


def _few(distinct: float | None) -> bool:
    return distinct is not None and distinct <= MOST_LEVELS


def _fits(shape: Shape, kind: Kind) -> bool:
    """Return whether the bins can be used once more: of the same sort, and none of them too wide."""
    numbers = kind in NUMBERS
    if not shape.edges or isinstance(shape.edges[0], str) is numbers:
        return False
    inner = [count for edge, count in zip(shape.edges, shape.counts, strict=False) if edge != 0.0]
    outer = shape.counts[-1]
    return not numbers or len(inner) < len(EDGES) / 2 or max(*inner[1:], outer) <= WIDEST * sum([*inner, outer])


def _value(name: str, kind: Kind) -> str:
    return (
        f"case when isfinite({quoted(name)}::double) then {quoted(name)}::double end"
        if kind in NUMBERS
        else f"{literal(MARK)} || {quoted(name)}::varchar"
    )


def _drawn(connection: Connection, relation_sql: str, columns: Mapping[str, Kind]) -> dict[str, tuple[float | str, ...]]:
    """Return the edges of columns that have none yet: twentieths of the numbers that are not zero, and zero; all values of others."""
    if not columns:
        return {}
    found = connection.execute(f"select {', '.join(_edges(name, kind) for name, kind in columns.items())} from {relation_sql}").fetchall()[
        0
    ]
    return {name: tuple(sorted(dict.fromkeys(edges))) for name, edges in zip(columns, found, strict=True) if edges}


def _edges(name: str, kind: Kind) -> str:
    value = _value(name, kind)
    if kind not in NUMBERS:
        return f"list(distinct {value}) filter ({quoted(name)} is not null)"
    zero = f"case when count_if({value} = 0) > 0 then [{BELOW_ZERO}::double, 0.0::double] else [] end"
    return f"list_concat(approx_quantile(nullif({value}, 0), {EDGES}), {zero})"


def _counted(
    connection: Connection, relation_sql: str, columns: Mapping[str, Kind], edges: Mapping[str, Sequence[float | str]]
) -> dict[str, Shape]:
    if not columns:
        return {}
    asked = [
        f"histogram{'' if kind in NUMBERS else '_exact'}({_value(name, kind)}, {_list(edges[name])})" for name, kind in columns.items()
    ]
    found = connection.execute(f"select {', '.join(asked)} from {relation_sql}").fetchall()[0]
    return {name: _shape(tuple(edges[name]), counted or {}) for name, counted in zip(columns, found, strict=True)}


def _list(edges: Sequence[float | str]) -> str:
    return "[" + ", ".join(literal(edge) if isinstance(edge, str) else f"{edge!r}::double" for edge in edges) + "]"


def _shape(edges: tuple[float | str, ...], counted: Mapping[Any, int]) -> Shape:
    inside = [int(counted.get(edge, 0)) for edge in edges]
    return Shape(edges, (*inside, int(sum(counted.values())) - sum(inside)))


def _verdict(subject: str, before: Shape, now: Shape, move: Move) -> Verdict:
    most = limit(before.past, move.before, move.now, scaled=scale(before, now) is not None)
    evidence = {"value": max(0.0, round(move.beyond, 4)), "bound": f"at most {most:.3g}", "unit": "share of rows, 0 to 1"}
    said = f"{move.apart:.1%} of the values moved since the last build, of which new rows explain up to {move.explained:.1%}"
    if move.beyond <= most:
        return Verdict(NAME, subject, "pass", f"{subject}: {said}", "", evidence)
    fix = "look for a changed unit, code or spelling upstream; if the change is meant, take it as it is now: shipworthy build --force"
    words = f"{subject}: {said}; {_example(before, now, move.place)}"
    return Verdict(NAME, subject, "fail", words, fix, evidence | {"rows": _rows(before, now)})


def _example(before: Shape, now: Shape, place: int) -> str:
    first, then = (sum(shape.counts[: place + 1]) / shape.rows for shape in (before, now))
    if isinstance(before.edges[0], str):
        first, then = (shape.counts[place] / shape.rows for shape in (before, now))
        what = repr(_shown(before.edges[place])) if place < len(before.edges) else "none of the values known before"
        return f"for example {first:.1%} were {what}, {then:.1%} are now"
    ratio = scale(before, now)
    unit = f"; all of them are about {ratio:.3g} times what they were: another unit?" if ratio else ""
    return f"for example {first:.1%} were at most {before.edges[place]:g}, {then:.1%} are now{unit}"


def _shown(edge: float | str) -> float | str:
    return edge.removeprefix(MARK) if isinstance(edge, str) else edge


def _rows(before: Shape, now: Shape) -> list[dict[str, Any]]:
    names = [*before.edges, f"{MARK}others"]
    gaps = sorted(range(len(names)), key=lambda place: -abs(before.counts[place] / before.rows - now.counts[place] / now.rows))
    return [
        {
            "value": names[place],
            "share_before": round(before.counts[place] / before.rows, 4),
            "share_now": round(now.counts[place] / now.rows, 4),
        }
        for place in gaps[:5]
    ]


def scale(before: Shape, now: Shape) -> float | None:
    """Return the factor by which all values seem to have been multiplied, None where they were not by one.

    Read off the edges: where the share below an edge was p, and now lies below another edge, the ratio of the two edges; told
    where at least four of them agree within a seventh.

    >>> edges = tuple(float(number) for number in range(1, 20))
    >>> scale(Shape(edges, (5,) * 20), Shape(edges, (0, 5) * 9 + (0, 55)))
    2.0
    """
    if isinstance(before.edges[0], str):
        return None
    numbers = [float(edge) for edge in before.edges]
    shares = [[sum(shape.counts[: place + 1]) / shape.rows for place in range(len(numbers))] for shape in (before, now)]
    ratios = []
    for edge, share in zip(numbers, shares[0], strict=True):
        above = next((place for place, found in enumerate(shares[1]) if found >= share), None)
        if above is not None and above > 0 and edge and shares[1][above] > shares[1][above - 1]:
            part = (share - shares[1][above - 1]) / (shares[1][above] - shares[1][above - 1])
            ratios.append((numbers[above - 1] + part * (numbers[above] - numbers[above - 1])) / edge)
    middle = sorted(ratios)[len(ratios) // 2] if ratios else 1.0
    alike = [ratio for ratio in ratios if abs(ratio / middle - 1) < 1 / 7] if middle > 0 else []
    return middle if len(alike) >= 4 and len(alike) >= 0.8 * len(ratios) and abs(middle - 1) > 0.02 else None
