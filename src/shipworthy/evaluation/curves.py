"""Charts of what a ranking, a threshold and time do: ROC, precision and recall, gain, confusion, residuals over time."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.charting import Spec, axis, chart, short
from shipworthy.evaluation.metrics.base import cells

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]

MOST_POINTS = 200
_SHARE = {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%"}}


def ranking_charts(truth: Numbers, said: dict[str, Numbers], threshold: float | None) -> dict[str, Spec]:
    """Return `roc`, `precision_recall`, `gain` and `confusion` of answers to yes or no; nothing where only one outcome is known.

    Args:
        truth: what came true, 0 or 1, shape (n,).
        said: answers by who gave them, each of shape (n,); the model's first.
        threshold: from which answer on is acted; the confusion is shown at 0.5 where nobody said.
    """
    known = np.isfinite(truth) & np.all([np.isfinite(answers) for answers in said.values()], axis=0)
    came = truth[known]
    if not len(came) or came.min() == came.max():
        return {}
    points: list[dict[str, str | float | None]] = [
        {"who": who, **point} for who, answers in said.items() for point in curve_points(came, answers[known])
    ]
    color = {"field": "who", "type": "nominal", "scale": {"domain": list(said)}}
    own = next(iter(said.values()))[known]
    return {
        "roc": curve_spec(
            "ROC", "up and to the left is better; along the dotted line it is chance", points, "false_alarms", "recall", color
        ),
        "precision_recall": curve_spec(
            "Precision and recall", "up and to the right is better", points, "recall", "precision", color, order="acted"
        ),
        "gain": curve_spec("Gain", "of all that came true, the share among those acted on", points, "acted", "recall", color),
        "confusion": confusion(came, own, 0.5 if threshold is None else threshold),
    }


def confusion(truth: Numbers, answers: Numbers, threshold: float) -> Spec:
    """Return how many rows were acted on and came true, and not, at `threshold`."""
    counts = cells(truth, answers, threshold).sum(axis=0)
    names = [("acted on", "came true"), ("acted on", "did not"), ("not acted on", "came true"), ("not acted on", "did not")]
    points = [{"action": action, "outcome": outcome, "rows": int(rows)} for (action, outcome), rows in zip(names, counts, strict=True)]
    x, y = axis("outcome", "nominal", None), axis("action", "nominal", None)
    return confusion_spec(f"acted on from {threshold:.1%} on", points, x, y, {"type": "text", "fontSize": 15})


def confusion_spec(words: str, points: list[dict[str, Any]], across: Spec, up: Spec, text: str | Spec) -> Spec:
    """Return a chart of cells with their `rows`, shaded by how many and with the figure in each; `text` is the mark of the figures."""
    x, y = {**across, "sort": None}, {**up, "sort": None}
    spec = chart("Confusion", words, points, "rect", {})
    shade = {"mark": "rect", "encoding": {"x": x, "y": y, "color": {"field": "rows", "type": "quantitative", "legend": None}}}
    figures = {"mark": text, "encoding": {"x": x, "y": y, "text": {"field": "rows", "format": ","}}}
    return {key: value for key, value in spec.items() if key not in ("mark", "encoding")} | {"layer": [shade, figures]}


def residuals_over_time(times: Times, truth: Numbers, answers: Numbers) -> Spec:
    """Return the median of answer minus truth on each day (UTC), with the band that holds half of the rows; at most 200 stretches."""
    known = np.isfinite(truth) & np.isfinite(answers)
    day = times[known].astype("datetime64[D]")
    if not len(day):
        return chart("How far off, over time", "", [], "line", {})
    off, number = (answers - truth)[known], (day - day.min()).astype(int)
    stretch = number * MOST_POINTS // (number.max() + 1) if number.max() >= MOST_POINTS else number
    points = []
    for place in np.unique(stretch):
        inside = stretch == place
        low, middle, high = np.quantile(off[inside], [0.25, 0.5, 0.75])
        points.append({"day": f"{day[inside].min()}T00:00:00Z", "low": short(low), "middle": short(middle), "high": short(high)})
    x = {**axis("day", "temporal", "day of decision"), "scale": {"type": "utc"}}
    y = axis("middle", "quantitative", "answer minus truth", zero=False)
    band = {"mark": {"type": "area", "opacity": 0.18}, "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}}
    spec = chart("How far off, over time", "the middle row of each day; the band holds half of its rows", points, "line", {"x": x, "y": y})
    line = {"mark": spec.pop("mark"), "encoding": spec.pop("encoding")}
    return {**spec, "layer": [band, line]}


def curve_points(came: Numbers, answers: Numbers) -> list[dict[str, float | None]]:
    """Return at most 200 thresholds with what acting from there on does: shares from 0 to 1."""
    order = np.argsort(-answers, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(answers[order])), len(order) - 1)
    ends = ends[np.unique(np.linspace(0, len(ends) - 1, min(len(ends), MOST_POINTS)).astype(int))]
    rows, right = ends + 1.0, np.cumsum(came[order])[ends]
    alarms = (rows - right) / (len(came) - came.sum())
    lines = zip(rows / len(came), right / came.sum(), right / rows, alarms, strict=True)
    start: dict[str, float | None] = {"acted": 0.0, "recall": 0.0, "precision": short(right[0] / rows[0]), "false_alarms": 0.0}
    names = ("acted", "recall", "precision", "false_alarms")
    return [start, *({name: short(value) for name, value in zip(names, line, strict=True)} for line in lines)]


def curve_spec(
    title: str, words: str, points: list[dict[str, str | float | None]], across: str, up: str, color: Spec, *, order: str | None = None
) -> Spec:  # fmt: skip
    """Return a chart of shares against shares, a line for each that `color` tells apart, with what chance gives where that is known."""
    x = {**axis(across, "quantitative", across.replace("_", " ")), **_SHARE}
    encoding = {"x": x, "y": {**axis(up, "quantitative", up), **_SHARE}, "color": color, "order": {"field": order or across}}
    spec = chart(title, words, points, "line", encoding)
    if up == "precision":
        return spec
    chance = {
        "data": {"values": [{across: 0, up: 0}, {across: 1, up: 1}]},
        "mark": {"type": "line", "strokeDash": [2, 3], "strokeWidth": 1, "opacity": 0.5},
        "encoding": {"x": encoding["x"], "y": encoding["y"]},
    }
    own = {"mark": spec.pop("mark"), "encoding": spec.pop("encoding")}
    return {**spec, "layer": [chance, own]}
