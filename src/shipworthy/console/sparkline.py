"""A small line without axes: the shape of a history, drawn in the text's own colours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH, HEIGHT, MARGIN = 120.0, 28.0, 3.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`lines` are SVG points, one text for each stretch without a gap.

    `levels` are the heights of lines to compare with, `marks` what to look at.
    """

    lines: tuple[str, ...]
    last: tuple[float, float] | None
    levels: tuple[float, ...]
    words: str
    marks: tuple[tuple[float, float], ...] = ()


def sparkline(
    values: Sequence[float | None], *, levels: Sequence[float] = (), words: str = "", marked: Collection[int] = ()
) -> Sparkline | None:
    """Return the line through `values`, oldest first, with a mark at those whose numbers are `marked`; None if nothing is known.

    A null is a gap, never bridged. The first of two equal heights is the top: larger is higher.

    >>> sparkline([1.0, 2.0, None, 2.0]).lines
    ('3.0,25.0 41.0,3.0', '117.0,3.0')
    >>> sparkline([None]) is None
    True
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min([*known, *levels]), max([*known, *levels])
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    places = [None if value is None else (MARGIN + index * step, _height(value, low, high)) for index, value in enumerate(values)]
    stretches = [list(stretch) for gap, stretch in groupby(places, key=lambda place: place is None) if not gap]
    lines = tuple(" ".join(f"{x:.1f},{y:.1f}" for x, y in filter(None, stretch)) for stretch in stretches)
    marks = tuple(place for index, place in enumerate(places) if place is not None and index in marked)
    return Sparkline(lines, places[-1], tuple(_height(level, low, high) for level in levels), words, marks)


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
