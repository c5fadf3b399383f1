"""The charts of a chapter as pictures of a page: found by their places, made to fit its widths."""

from collections.abc import Mapping
from typing import Any

from shipworthy.console.pictures import PIXELS, Row, Width
from shipworthy.records import Chapter

CHART = "chart"  # how the names of the pictures begin; a number follows
WIDEST, HEIGHT = 680, 260  # pixels: wider lines are hard to read beside words
ROOM = {"left": 16, "right": 8, "top": 6, "bottom": 4}  # pixels: a browser's letters may be wider than those that were measured
MANY_VIEWS = ("hconcat", "vconcat", "concat", "facet", "repeat")
Drawn = tuple[str, str, bool]
"""The name of a picture, what it shows in words, and whether it says so itself."""


def names(chapter: Chapter) -> list[str]:
    """Return the names of the pictures of `chapter`, in the order of its charts.

    >>> names(Chapter("a", "A", (), charts={"curve": {}, "bars": {}}))
    ['chart1', 'chart2']
    """
    return [f"{CHART}{place}" for place in range(1, len(chapter.charts) + 1)]


def drawn(chapter: Chapter) -> list[Drawn]:
    """Return the pictures of `chapter` as its page shows them."""
    words = [(in_words(name, chart), "title" in chart) for name, chart in chapter.charts.items()]
    return [(picture, *said) for picture, said in zip(names(chapter), words, strict=True)]


def drawing(chapter: Chapter, picture: str, width: Width) -> Row | None:
    """Return the specification of one picture of `chapter` at `width`, None where there is no such chart."""
    found = dict(zip(names(chapter), chapter.charts.items(), strict=True)).get(picture)
    return fitted(*found, PIXELS[width]) if found else None


def fitted(name: str, chart: Mapping[str, Any], pixels: int) -> Row:
    """Return `chart` with a description, room around it, and not wider than `pixels`.

    What holds several views, or counts in steps, keeps its own width.

    >>> found = fitted("curve", {"mark": "line"}, 300)
    >>> found["description"], found["width"], found["height"]
    ('curve', 300, 260)
    >>> fitted("bars", {"mark": "bar", "width": {"step": 20}, "height": 90}, 300)["width"]
    {'step': 20}
    """
    told: Row = {"padding": ROOM, **chart, "description": in_words(name, chart)}
    if any(views in chart for views in MANY_VIEWS) or isinstance(chart.get("width"), Mapping) or "spec" in chart:
        return told
    own = chart.get("width")
    most = min(pixels, WIDEST)
    return told | {"width": min(own, most) if isinstance(own, int | float) else most, "height": chart.get("height", HEIGHT)}


def in_words(name: str, chart: Mapping[str, Any]) -> str:
    """Return what a chart shows, for those who do not see it: its description, its title, or its name.

    >>> in_words("risk_curve", {"title": {"text": "Risk"}}), in_words("risk_curve", {})
    ('Risk', 'risk curve')
    """
    title = chart.get("title")
    said = chart.get("description") or (title.get("text") if isinstance(title, Mapping) else title)
    return str(said) if said else name.replace("_", " ")
