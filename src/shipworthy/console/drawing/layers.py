"""Which layer each box of a graph lies in: every line goes to the right, but for one in each circle."""

from collections.abc import Collection, Iterable, Mapping, Sequence

Pair = tuple[str, str]


def without_circles(boxes: Sequence[str], pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs that can all go forward, and those that close a circle; a pair to itself closes one.

    Boxes are visited in their order, so the same graph is always cut at the same place.

    >>> without_circles(["a", "b"], [("a", "b"), ("b", "a")])
    ([('a', 'b')], [('b', 'a')])
    """
    distinct = list(dict.fromkeys(pairs))
    following = _following(boxes, distinct)
    back: set[Pair] = set()
    done: set[str] = set()
    for start in boxes:
        if start not in done:
            back |= _closing(start, following, done)
    return [pair for pair in distinct if pair not in back], [pair for pair in distinct if pair in back]


def _closing(start: str, following: Mapping[str, Sequence[str]], done: set[str]) -> set[Pair]:
    """Walk all that `start` leads to, without recursion; return the pairs that lead back to what is still being walked."""
    back: set[Pair] = set()
    path: dict[str, int] = {start: 0}  # each box being walked, with how many of its followers were
    while path:
        box, seen = next(reversed(path.items()))
        if seen == len(following[box]):
            done.add(box)
            del path[box]
            continue
        path[box] = seen + 1
        after = following[box][seen]
        if after in path:
            back.add((box, after))
        elif after not in done:
            path[after] = 0
    return back


def _following(boxes: Collection[str], pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {box: [] for box in boxes}
    for source, target in pairs:
        found[source].append(target)
    return found


def layers(boxes: Sequence[str], forward: Iterable[Pair]) -> dict[str, int]:
    """Return the layer of each box, from 0: one to the right of the last that it is made from.

    A box that is made from nothing lies just before the first that is made from it. `forward` holds no circle.

    >>> layers(["a", "b", "c", "seed"], [("a", "b"), ("b", "c"), ("seed", "c")])
    {'a': 0, 'b': 1, 'c': 2, 'seed': 1}
    """
    pairs = list(forward)
    following = _following(boxes, pairs)
    waiting = dict.fromkeys(boxes, 0)
    for _, target in pairs:
        waiting[target] += 1
    found = dict.fromkeys(boxes, 0)
    ready = [box for box in boxes if not waiting[box]]
    for box in ready:
        for after in following[box]:
            found[after] = max(found[after], found[box] + 1)
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    made = {target for _, target in pairs}
    return found | {box: min(found[after] for after in following[box]) - 1 for box in boxes if box not in made and following[box]}
