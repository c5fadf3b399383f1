"""The places of boxes and lines: a pure function of the graph, the same for the same graph.

In the manner of Sugiyama, Tagawa and Toda (1981): layers by the longest path, bends where a line passes a layer, an order
with few crossings, then heights that keep lines straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shipworthy.console.drawing.heights import settled, wanted
from shipworthy.console.drawing.layers import Pair, layers, without_circles
from shipworthy.console.drawing.order import ordered

GAP, BEND_GAP, BEND = 14.0, 7.0, 2.0  # pixels: between boxes, beside a bend, height of a bend
GUTTER, MARGIN = 48.0, 6.0
PASSES = 8


@dataclass(frozen=True, slots=True)
class Box:
    """Something to be placed, in pixels."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one box to another, by their ids; it leaves and enters so many pixels below their tops, None in the middle."""

    source: str
    target: str
    leaves: float | None = None
    enters: float | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a box lies: its upper left corner, its size, its layer."""

    x: float
    y: float
    width: float
    height: float
    layer: int


@dataclass(frozen=True, slots=True)
class Course:
    """Where a line runs, from point to point: straight between points of one height, else curved.

    `back` where it closes a circle, and so runs to the left.
    """

    line: Line
    points: tuple[tuple[float, float], ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """All places, and the size of the whole."""

    spots: Mapping[str, Spot]
    courses: tuple[Course, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Part:
    """A box, or the bend of a line in a layer that it passes."""

    width: float
    height: float
    bend: bool


@dataclass(frozen=True, slots=True)
class _Chain:
    """The parts that a line joins, from left to right, with the heights at which it leaves the first and enters the last."""

    line: Line
    parts: tuple[str, ...]
    leaves: float
    enters: float
    back: bool


def layout(boxes: Sequence[Box], lines: Sequence[Line], gap: float = GAP) -> Layout:
    """Return where each box lies and each line runs; boxes never overlap, and a line runs to the right unless it closes a circle.

    A line from a box to itself is not drawn. Boxes of one layer are at least `gap` apart.

    >>> placed = layout([Box("orders", 80, 30), Box("kpi", 80, 30)], [Line("orders", "kpi")])
    >>> placed.spots["orders"].x + 80 < placed.spots["kpi"].x, placed.courses[0].points
    (True, ((86.0, 21.0), (134.0, 21.0)))
    """
    drawn = [line for line in lines if line.source != line.target]
    forward, back = without_circles([box.id for box in boxes], [(line.source, line.target) for line in drawn])
    found = layers([box.id for box in boxes], [*forward, *((target, source) for source, target in back)])
    parts, depth, chains = _bent(boxes, drawn, found, set(back))
    order = _ordered(depth, chains)
    tops = _tops(order, parts, chains, gap)
    lefts = _lefts(order, parts)
    spots = {box.id: Spot(lefts[found[box.id]][0], tops[box.id], box.width, box.height, found[box.id]) for box in boxes}
    courses = tuple(Course(chain.line, _points(chain, parts, depth, tops, lefts), chain.back) for chain in chains)
    return Layout(spots, courses, *_size(lefts, tops, parts))


def _bent(
    boxes: Sequence[Box], lines: Sequence[Line], found: Mapping[str, int], back: set[Pair]
) -> tuple[dict[str, _Part], dict[str, int], list[_Chain]]:
    """Return all parts with their layers, and the chain of each line: with a bend in each layer that it passes."""
    parts = {box.id: _Part(box.width, box.height, bend=False) for box in boxes}
    depth, chains = dict(found), []
    for number, line in enumerate(lines):
        turned = (line.source, line.target) in back
        left, right = (line.target, line.source) if turned else (line.source, line.target)
        bends = {f"\n{number} {layer}": layer for layer in range(found[left] + 1, found[right])}
        parts |= {bend: _Part(0.0, BEND, bend=True) for bend in bends}
        depth |= bends
        leaves, enters = _end(parts[line.source], line.leaves), _end(parts[line.target], line.enters)
        chains.append(_Chain(line, (left, *bends, right), *((enters, leaves) if turned else (leaves, enters)), turned))
    return parts, depth, chains


def _end(part: _Part, said: float | None) -> float:
    return part.height / 2 if said is None else said


def _ordered(depth: Mapping[str, int], chains: Sequence[_Chain]) -> list[list[str]]:
    count = max(depth.values(), default=-1) + 1
    start: list[list[str]] = [[] for _ in range(count)]
    for part, layer in depth.items():
        start[layer].append(part)
    return ordered(start, [pair for chain in chains for pair in pairwise(chain.parts)])


def _tops(order: Sequence[Sequence[str]], parts: Mapping[str, _Part], chains: Sequence[_Chain], gap: float) -> dict[str, float]:
    """Return how high each part lies: first packed about one middle, then drawn to its neighbours, in turn from both sides."""
    apart = [_apart(layer, parts, gap) for layer in order]
    tops: dict[str, float] = {}
    for layer, distances in zip(order, apart, strict=True):
        packed = settled([0.0] * len(layer), distances)
        tops |= dict(zip(layer, packed, strict=True))
    for turn in range(PASSES):
        for layer, distances in list(zip(order, apart, strict=True))[:: 1 if turn % 2 == 0 else -1]:
            asked = wanted(layer, _asked(chains, tops, parts), tops)
            tops |= dict(zip(layer, settled(asked, distances), strict=True))
    highest = min(tops.values(), default=0.0)
    return {part: round(top - highest + MARGIN, 1) for part, top in tops.items()}


def _apart(layer: Sequence[str], parts: Mapping[str, _Part], gap: float) -> list[float]:
    gaps = [min(gap, BEND_GAP) if parts[above].bend or parts[below].bend else gap for above, below in pairwise(layer)]
    return [0.0, *(parts[above].height + gap for above, gap in zip(layer, gaps, strict=False))]


def _asked(chains: Sequence[_Chain], tops: Mapping[str, float], parts: Mapping[str, _Part]) -> dict[str, list[float]]:
    """Return the tops at which each part would have straight lines to its neighbours."""
    found: dict[str, list[float]] = {part: [] for part in parts}
    for chain in chains:
        last = len(chain.parts) - 1
        ends = [chain.leaves if at == 0 else chain.enters if at == last else BEND / 2 for at in range(last + 1)]
        for (left, leaves), (right, enters) in pairwise(zip(chain.parts, ends, strict=True)):
            found[right].append(tops[left] + leaves - enters)
            found[left].append(tops[right] + enters - leaves)
    return found


def _lefts(order: Sequence[Sequence[str]], parts: Mapping[str, _Part]) -> list[tuple[float, float]]:
    """Return the left and right edge of each layer."""
    edges, left = [], MARGIN
    for layer in order:
        right = left + max(parts[part].width for part in layer)
        edges.append((left, right))
        left = right + GUTTER
    return edges


def _points(
    chain: _Chain, parts: Mapping[str, _Part], depth: Mapping[str, int], tops: Mapping[str, float], lefts: Sequence[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """Return the points from box to box; a box that is narrower than its layer is left by a straight piece to the layer's edge."""
    first, *bends, last = chain.parts
    left, right = lefts[depth[first]]
    points = [(left + parts[first].width, tops[first] + chain.leaves), (right, tops[first] + chain.leaves)]
    points += [(edge, tops[bend] + BEND / 2) for bend in bends for edge in lefts[depth[bend]]]
    points.append((lefts[depth[last]][0], tops[last] + chain.enters))
    kept = tuple(dict.fromkeys(points))
    return kept[::-1] if chain.back else kept


def _size(lefts: Sequence[tuple[float, float]], tops: Mapping[str, float], parts: Mapping[str, _Part]) -> tuple[float, float]:
    width = (lefts[-1][1] if lefts else MARGIN) + MARGIN
    return width, max((top + parts[part].height for part, top in tops.items()), default=MARGIN) + MARGIN
