"""What the model looks at, and how its answer follows what it sees."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from shipworthy.flows.looks import Sample, explainer_on, sample
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter, Interval, Table, Verdict
from shipworthy.registry.explaining.explained import APART, Explained, Scale, from_scale
from shipworthy.registry.schema import Column
from shipworthy.registry.words import listed

Numbers = npt.NDArray[np.float64]
SCALES: Mapping[Scale, str] = {
    "label": "in the unit of the label",
    "log-odds": "in log-odds",
    "log": "in logarithms of the answer",
    "score": "in scores of the most probable class",
}
CHARTED, BINS, MOST_BARS = 4, 8, 20
DEAR = {"trees": 120, "asked": 100}  # questions that one explained row is worth


class Explanation(Study):
    """What each feature contributes to the answers: on average with an interval, and by its value.

    Finds what the model stands on, and contributions that do not add up to the answer. Blind to cause: a feature may stand
    for another one that is not there, and features that go together share their weight as the trees happened to split.
    """

    title: ClassVar[str] = "What the model looks at"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the mean contribution of each feature, how the answer follows the weightiest, and whether all adds up."""
        looked = sample(subject, questions=DEAR["trees" if subject.fitted.format == "lightgbm" else "asked"])
        found = explainer_on(subject).explain(looked.matrix)
        sizes = np.abs(found.contributions)
        means = sizes.mean(axis=0)
        order = np.argsort(-means, kind="stable")
        names = subject.schema.names
        whole = float(means.sum())
        shares = {names[place]: float(means[place] / whole) if whole else 0.0 for place in order}
        rows = tuple(_row(names[place], means[place], looked.interval(sizes[:, place]), shares[names[place]]) for place in order)
        table = Table(f"Mean contribution {SCALES[found.scale]}", ("feature", "mean size", "from", "to", "share"), rows)
        figures = {
            "scale": found.scale,
            "share": shares,
            "apart": found.apart,
            "base": float(found.bases.mean()) if len(found.answers) else None,
        }
        return self.chapter(
            *_words(shares, looked, found, subject), tables=(table,), charts=_charts(subject, looked, found, order, rows),
            verdicts=(_adds_up(subject, looked, found),), figures=figures,
        )  # fmt: skip


def _row(name: str, mean: float, interval: Interval | None, share: float) -> tuple[str, float, float | None, float | None, float]:
    return (name, float(mean), interval.low if interval else None, interval.high if interval else None, share)


def _words(shares: Mapping[str, float], looked: Sample, found: Explained, subject: Subject) -> list[str]:
    seen = [f"{name} ({share:.0%})" for name, share in list(shares.items())[:3] if share >= 0.005]
    unused = [name for name, share in shares.items() if share == 0.0]
    first = f"The model looks most at {', '.join(seen)}." if seen else "The model looks at nothing: all get one answer."
    usual = _usual(found, subject.schema.unit)
    idle = f"It makes no use of {listed(unused)}." if unused and seen else ""
    return [words for words in (first, usual, idle, f"Looked at: {looked.words}.") if words]


def _usual(found: Explained, unit: str | None) -> str:
    if found.codes is not None:
        return "Of each decision the most probable class is explained."
    base = float(from_scale(np.array([found.base]), found.scale)[0])
    return f"Without a look at any feature it would answer {base:,.4g}{f' {unit}' if unit else ''}."


def _adds_up(subject: Subject, looked: Sample, found: Explained) -> Verdict:
    back, said = from_scale(found.answers, found.scale), subject.fitted.answers(looked.matrix)  # before calibration, which may have steps
    if found.codes is not None:  # a score alone gives no probability: there the sum is held against the score
        said = back if found.scale == "score" else said[np.arange(len(back)), found.codes]
    off = float(np.abs(back - said).max()) if len(back) else None
    evidence: dict[str, Any] = {"apart": found.apart, "answers_apart": off, "rows": len(back), "bound": APART}
    if off is None:
        return Verdict("adds_up", subject.name, "unknown", "there is no held-out row to explain", "hold out some rows", evidence)
    if found.adds_up and off <= APART * max(1.0, float(np.abs(said).max())):
        words = (
            f"what the features contribute adds up to the answer in each of {len(back):,} rows, to within {max(found.apart or 0, off):.1e}"
        )
        return Verdict("adds_up", subject.name, "pass", words, evidence=evidence)
    words = f"what the features contribute misses the answer by up to {found.apart:.2g} in {len(back):,} rows: such reasons are no reasons"
    return Verdict("adds_up", subject.name, "fail", words, "look at what the estimator answers: it must be the same each time", evidence)


def _charts(
    subject: Subject, looked: Sample, found: Explained, order: Sequence[int] | npt.NDArray[np.int64], rows: tuple[tuple[Any, ...], ...]
) -> dict[str, dict[str, Any]]:
    charts = {"contributions": _bars(rows, found.scale)}
    for place in [int(one) for one in order[:CHARTED] if np.abs(found.contributions[:, one]).any()]:
        column = subject.schema.columns[place]
        charts[f"by {column.name}"] = _dependence(column, looked.matrix[:, place], found.contributions[:, place], found.scale)
    return charts


def _bars(rows: tuple[tuple[Any, ...], ...], scale: Scale) -> dict[str, Any]:
    values = [{"feature": name, "mean": size, "low": low, "high": high} for name, size, low, high, _ in rows[:MOST_BARS]]
    y = {"field": "feature", "type": "nominal", "sort": None, "title": None}
    mean = {"field": "mean", "type": "quantitative", "title": f"mean contribution, {SCALES[scale]}"}
    bar = {"mark": "bar", "encoding": {"y": y, "x": mean}}
    span = {"mark": "rule", "encoding": {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}}
    return {"description": "How much each feature contributes on average", "data": {"values": values}, "layer": [bar, span]}


def _dependence(column: Column, values: Numbers, added: Numbers, scale: Scale) -> dict[str, Any]:
    """Return a chart of the mean contribution by value: a line over bins of a number, a bar for each of the commonest levels."""
    points = _levels(column, values, added) if column.kind == "category" else _bins(values, added)
    kind, mark = ("nominal", "bar") if column.kind == "category" else ("quantitative", "line")
    x: dict[str, Any] = {"field": "value", "type": kind, "title": f"{column.name}{f' ({column.unit})' if column.unit else ''}"}
    if column.kind == "category":
        x["sort"] = None
    y = {"field": "added", "type": "quantitative", "title": f"contribution, {SCALES[scale]}"}
    described = f"How {column.name} moves the answer"
    return {"description": described, "data": {"values": points}, "mark": mark, "encoding": {"x": x, "y": y}}


def _bins(values: Numbers, added: Numbers) -> list[dict[str, float]]:
    known = np.flatnonzero(np.isfinite(values))
    ordered = known[np.argsort(values[known], kind="stable")]
    parts = [part for part in np.array_split(ordered, BINS) if len(part)]
    return [{"value": float(values[part].mean()), "added": float(added[part].mean())} for part in parts]


def _levels(column: Column, values: Numbers, added: Numbers) -> list[dict[str, Any]]:
    codes, counts = np.unique(values[np.isfinite(values)].astype(np.int64), return_counts=True)
    commonest = codes[np.argsort(-counts, kind="stable")[: 2 * BINS]]
    points = [{"value": column.categories[code], "added": float(added[values == code].mean())} for code in commonest]
    return sorted(points, key=lambda point: -float(point["added"]))
