"""In which order the boxes of each layer lie: by the mean place of what they are joined to, as often as that helps."""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

from shipworthy.console.drawing.layers import Pair

SWEEPS = 12
Layers = list[list[str]]


def ordered(found: Layers, pairs: Sequence[Pair]) -> Layers:
    """Return `found` with the boxes of each layer in the order that has the fewest crossings of those tried.

    Every pair joins a box to one of the next layer. The order is that of the barycentre heuristic (Sugiyama, Tagawa and Toda, 1981):
    layers are gone through to and fro, each put in the order of the mean place of its neighbours in the layer before. Boxes
    without neighbours keep their places; ties keep their order, so the same graph is always drawn alike.

    >>> ordered([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")])
    [['a', 'b'], ['d', 'c']]
    """
    before, after = _neighbours(pairs)
    best, now = found, [list(layer) for layer in found]
    fewest = crossings(best, pairs)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        _sweep(now, before if sweep % 2 == 0 else after, forward=sweep % 2 == 0)
        count = crossings(now, pairs)
        if count < fewest:
            best, fewest = [list(layer) for layer in now], count
    return best


def _neighbours(pairs: Sequence[Pair]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for source, target in pairs:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    return before, after


def _sweep(now: Layers, neighbours: Mapping[str, Sequence[str]], *, forward: bool) -> None:
    places = range(1, len(now)) if forward else range(len(now) - 2, -1, -1)
    for place in places:
        beside = {box: at for at, box in enumerate(now[place - 1 if forward else place + 1])}
        now[place] = _by_barycentre(now[place], {box: [beside[other] for other in neighbours.get(box, ())] for box in now[place]})


def _by_barycentre(layer: Sequence[str], joined: Mapping[str, Sequence[int]]) -> list[str]:
    moving = sorted((box for box in layer if joined[box]), key=lambda box: sum(joined[box]) / len(joined[box]))
    following = iter(moving)
    return [next(following) if joined[box] else box for box in layer]


def crossings(found: Layers, pairs: Sequence[Pair]) -> int:
    """Return how many pairs cross another one between two layers.

    >>> crossings([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")])
    1
    """
    places = {box: (layer, at) for layer, boxes in enumerate(found) for at, box in enumerate(boxes)}
    ends = sorted((*places[source], places[target][1]) for source, target in pairs)
    count, layer, seen = 0, -1, list[int]()
    for own, _, end in ends:
        if own != layer:
            layer, seen = own, []
        count += len(seen) - bisect_right(seen, end)
        insort(seen, end)
    return count
