"""The charts of a training as Vega-Lite specifications: a few hundred points of sums and shares, never a row of data.

No colours are written into them: series take those of the page, the model's first, the rule's second.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from shipworthy.evaluation.charting import Spec, axis, chart, edges_of, shares_of, short
from shipworthy.evaluation.class_charts import class_charts
from shipworthy.evaluation.curves import ranking_charts, residuals_over_time
from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import known_mean, losses
from shipworthy.evaluation.resampling import Codes
from shipworthy.records import Task
from shipworthy.spec.part import Metric

Numbers = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]

MOST_POINTS = 200
BINS = 40
CELLS = 24
GROUPS = 10
MOST_FEATURES = 20
_NAMES = {
    "mae": "mean absolute error",
    "mse": "mean squared error",
    "log_loss": "log loss",
    "brier": "Brier score",
    "pinball": "pinball loss",
}
_MONDAY = np.datetime64("1970-01-05", "D")


def diagnostics(
    task: Task,
    metric: Metric,
    *,
    times: Times,
    truth: Numbers,
    answers: Numbers,
    rule: Numbers | None,
    curves: Mapping[str, Sequence[float]],
    importance: Mapping[str, float],
    threshold: float | None = None,
    classes: Sequence[str] = (),
) -> dict[str, Spec]:
    """Return the charts of a training by name; the rows are those of the holdout.

    For all tasks: `learning_curve`, `importance`; `by_week` stands apart. For a regression `residuals`, `residuals_over_time` and
    `predicted_and_true`, for a binary task `calibration`, `roc`, `precision_recall`, `gain` and `confusion`; for classes `roc`,
    `precision_recall` and `confusion`.
    A chart that would be empty is left out.

    Args:
        task: what is predicted.
        metric: the metric of the promise.
        times: decision times, shape (n,), datetime64 in UTC.
        truth: what came true, shape (n,).
        answers: what the model said, shape (n,), or (n, c) for classes.
        rule: what the rule said, shape (n,); None where there is none.
        curves: the metric after each tree, by the rows it was measured on.
        importance: the gain of each feature.
        threshold: from which answer on is acted; None where nobody said.
        classes: the names of several classes, in the order of their codes.
    """
    charts = {"learning_curve": learning_curve(metric, curves), "importance": importance_of(importance)}
    if len(truth):
        if task == "binary":
            said = {"model": answers} if rule is None else {"model": answers, "rule": rule}
            charts |= {"calibration": calibration(truth, answers), **ranking_charts(truth, said, threshold)}
        elif task == "multiclass":
            charts |= class_charts(truth, answers, classes)
        else:
            charts |= {"residuals": residuals(truth, answers, rule), "predicted_and_true": predicted_and_true(truth, answers)}
            charts["residuals_over_time"] = residuals_over_time(times, truth, answers)
    return {name: spec for name, spec in charts.items() if spec["data"]["values"]}


def learning_curve(metric: Metric, curves: Mapping[str, Sequence[float]]) -> Spec:
    """Return the metric after each tree, thinned to 200 points a curve; the last tree is among them."""
    points = [
        {"tree": int(step) + 1, "value": short(curve[step]), "rows": name}
        for name, curve in curves.items()
        for step in np.unique(np.linspace(0, len(curve) - 1, min(len(curve), MOST_POINTS)).astype(int))
    ]
    encoding = {
        "x": axis("tree", "quantitative", "trees"),
        "y": axis("value", "quantitative", _NAMES[metric], zero=False),
        "color": {"field": "rows", "type": "nominal", "scale": {"domain": sorted(curves, reverse=True)}},
    }
    return chart("Learning curve", "tail: later rows that chose the number of trees", points, "line", encoding)


def importance_of(importance: Mapping[str, float]) -> Spec:
    """Return the share of the whole gain that each feature brought; the twenty largest."""
    whole = sum(importance.values()) or 1.0
    first = sorted(importance.items(), key=lambda item: (-item[1], item[0]))[:MOST_FEATURES]
    points = [{"feature": name, "share": short(gain / whole)} for name, gain in first]
    encoding = {
        "y": {**axis("feature", "nominal", None), "sort": None},
        "x": {**axis("share", "quantitative", "share of the gain"), "axis": {"format": ".0%"}},
    }
    return chart("What the model looks at", f"the first {len(points)} of {len(importance)} features", points, "bar", encoding, high=None)


def by_week(
    metric: Metric, times: Times, truth: Numbers, answers: Numbers, rule: Numbers | None, *,
    quantile: float | None = None, together: Codes | None = None, level: float = 0.95,
) -> Spec:  # fmt: skip
    """Return the metric of each week (from Monday, UTC), model beside rule; the model's with its interval of `level` where known."""
    said = {"model": answers} if rule is None else {"model": answers, "rule": rule}
    week = (times.astype("datetime64[D]") - _MONDAY).astype(int) // 7
    points = []
    for name, given in said.items():
        loss = losses(metric, truth, given, quantile=quantile)
        for number in np.unique(week):
            inside = week == number
            group = None if together is None else together[inside]
            sure = mean_interval(loss[inside], times[inside], together=group, level=level) if name == "model" else None
            ends = {"low": short(sure.low), "high": short(sure.high)} if sure else {"low": None, "high": None}
            points.append({"week": f"{_MONDAY + number * 7}T00:00:00Z", "value": short(known_mean(loss[inside])), "who": name, **ends})
    x = {**axis("week", "temporal", "week from"), "scale": {"type": "utc"}}
    y = axis("value", "quantitative", _NAMES[metric], zero=False)
    color = {"field": "who", "type": "nominal", "scale": {"domain": list(said)}}
    band = {
        "mark": {"type": "area", "opacity": 0.18},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": color},
    }
    line = {"mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y, "color": color}}
    subtitle = f"{_NAMES[metric]} by week of decision; the band: intervals of {level:.4g}"
    spec = chart("Holdout by week", subtitle, points, "line", {})
    return {key: value for key, value in spec.items() if key not in ("mark", "encoding")} | {"layer": [band, line]}


def residuals(truth: Numbers, answers: Numbers, rule: Numbers | None) -> Spec:
    """Return how far off the answers are, in 40 bins between the 1st and 99th hundredth; the rest falls in the outermost."""
    said = {"model": answers - truth} if rule is None else {"model": answers - truth, "rule": rule - truth}
    known = {name: off[np.isfinite(off)] for name, off in said.items()}
    every = np.concatenate(list(known.values()))
    if not len(every):
        return chart("How far off", "", [], "line", {})
    edges = edges_of(every, BINS)
    middle = (edges[:-1] + edges[1:]) / 2
    points = [
        {"off": short(place), "share": short(share), "who": name}
        for name, off in known.items()
        for place, share in zip(middle, shares_of(off, edges), strict=True)
    ]
    encoding = {
        "x": axis("off", "quantitative", "answer minus truth"),
        "y": {**axis("share", "quantitative", "share of rows"), "axis": {"format": ".0%"}},
        "color": {"field": "who", "type": "nominal", "scale": {"domain": list(said)}},
    }
    return chart(
        "How far off",
        "below 0 the answer was too low; the outermost bins hold what lies beyond",
        points,
        {"type": "line", "interpolate": "step"},
        encoding,
    )


def predicted_and_true(truth: Numbers, answers: Numbers) -> Spec:
    """Return how often truth and answer fell in each cell of a grid, with common edges; empty cells are left out."""
    known = np.isfinite(truth) & np.isfinite(answers)
    if not known.any():
        return chart("Answers and truth", "", [], "rect", {})
    edges = edges_of(np.concatenate([truth[known], answers[known]]), CELLS)
    said, true = (np.clip(part[known], edges[0], edges[-1]) for part in (answers, truth))
    counts, _, _ = np.histogram2d(said, true, bins=[edges, edges])
    points = [
        {
            "answer": short(edges[row]), "answer_end": short(edges[row + 1]), "truth": short(edges[column]),
            "truth_end": short(edges[column + 1]), "rows": int(counts[row, column]),
        }
        for row, column in np.argwhere(counts > 0)
    ]  # fmt: skip
    encoding = {
        "x": {**axis("answer", "quantitative", "answer", zero=False), "bin": "binned"},
        "x2": {"field": "answer_end"},
        "y": {**axis("truth", "quantitative", "truth", zero=False), "bin": "binned"},
        "y2": {"field": "truth_end"},
        "color": {"field": "rows", "type": "quantitative", "scale": {"type": "log"}, "legend": None},
    }
    return chart(
        "Answers and truth", "the stronger the colour, the more rows; outliers fall in the outermost cells", points, "rect", encoding
    )


def calibration(truth: Numbers, answers: Numbers) -> Spec:
    """Return, for ten groups of rows with like probabilities, the mean answer and the share that came true."""
    known = np.isfinite(truth) & np.isfinite(answers)
    order = np.argsort(answers[known], kind="stable")
    groups = [group for group in np.array_split(order, GROUPS) if len(group)]
    points = [
        {"said": short(answers[known][group].mean()), "came_true": short(truth[known][group].mean()), "rows": len(group)}
        for group in groups
    ]
    share = {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%"}}
    encoding = {
        "x": {**axis("said", "quantitative", "said"), **share},
        "y": {**axis("came_true", "quantitative", "came true"), **share},
    }
    subtitle = "ten groups of rows with like answers; on the dotted line what was said came true"
    spec = chart("Calibration", subtitle, points, {"type": "line", "point": True}, encoding)
    perfect = {
        "data": {"values": [{"said": 0, "came_true": 0}, {"said": 1, "came_true": 1}]},
        "mark": {"type": "line", "strokeDash": [2, 3], "strokeWidth": 1, "opacity": 0.5},
        "encoding": encoding,
    }
    own = {"mark": spec.pop("mark"), "encoding": spec.pop("encoding")}
    return {**spec, "layer": [perfect, own]}
