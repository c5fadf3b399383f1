"""How high the boxes of a layer lie: as near as they can to what they are joined to, in their order, with room between them."""

from collections.abc import Mapping, Sequence


def settled(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Return places as near to `wanted` as can be, in the least squares, of which each is `apart` from the one before.

    Pools neighbours that want to pass each other, until none does (Barlow and others, 1972: isotonic regression).

    Args:
        wanted: the places wanted, in the order that they are to have.
        apart: the least distance of each to the one before; the first is not looked at.

    >>> settled([10, 0, 20], [0, 4, 4])
    [3.0, 7.0, 20.0]
    """
    shifts = [0.0]
    for distance in apart[1:]:
        shifts.append(shifts[-1] + distance)
    pools: list[tuple[float, int]] = []  # the sum of what its members want, and their number
    for place, shift in zip(wanted, shifts, strict=False):
        total, count = place - shift, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, size = pools.pop()
            total, count = total + before, count + size
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + shift for mean, shift in zip(means, shifts, strict=False)]


def wanted(layer: Sequence[str], beside: Mapping[str, Sequence[float]], now: Mapping[str, float]) -> list[float]:
    """Return the place that each box of `layer` wants: the mean of what it is joined to in `beside`, where it is now if nothing is."""
    return [sum(beside[box]) / len(beside[box]) if beside.get(box) else now[box] for box in layer]
