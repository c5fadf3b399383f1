"""What mitigations would bring and cost, as a chapter: words first, then a table for each sensitive column."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shipworthy.bounds import Outcome
from shipworthy.evaluation.fairness.disparity import Judged
from shipworthy.flows.assessment_words import PHRASES
from shipworthy.records import Chapter, Interval, Table, Verdict
from shipworthy.spec.model import ModelSpec

NAME, TITLE = "mitigation", "What could be done about fairness"
WIDE = 520  # pixels
LEGEND = {"columns": 3, "labelLimit": 220}
WITHIN: Mapping[Outcome, str] = {"pass": "within the bound", "fail": "beyond the bound", "unknown": "not surely within the bound"}


@dataclass(frozen=True, slots=True)
class Costed:
    """One mitigation on the rows that were decided about: what the policy says of it, the share of right decisions, and what it costs.

    `right_change` is where the share of right decisions lies beside that of the plain learner, `cost` the change of the model's metric, of
    which lower is better. All are None where it has no way to do what the policy asks for, `cost` where it gives no probability.
    """

    title: str
    needs_group: bool
    judged: Judged | None = None
    right: float | None = None
    right_change: Interval | None = None
    cost: float | None = None
    cost_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Every mitigation for one sensitive column, the first of them nothing; `fairlearn` has what Fairlearn says of that."""

    name: str
    costed: tuple[Costed, ...]
    fairlearn: Mapping[str, Mapping[str, float]]


def in_words(spec: ModelSpec, metric: str, found: Sequence[Column]) -> Chapter:
    """Return the chapter: what nothing leaves, what each way leaves and costs; a verdict for each column, of the plain learner."""
    ratio = bool(spec.fairness and spec.fairness.least_ratio is not None)
    words = [sentence for column in found for sentence in _of_column(column, metric, ratio=ratio)]
    words.append("None of it is deployed: every way was tried with the same small learner, on the same rows, to show what it would cost.")
    tables = tuple(_table(column, metric) for column in found)
    verdicts = tuple(_verdict(spec, column, ratio=ratio) for column in found)
    charts = {f"ways_{column.name}": drawn for column in found if (drawn := chart(spec, column))}
    return Chapter(NAME, TITLE, tuple(words), tables, charts, verdicts, {column.name: _figures(column) for column in found})


def _of_column(column: Column, metric: str, *, ratio: bool) -> list[str]:
    return [_plain(column, ratio=ratio), *_best(column, ratio=ratio), *(_way(one, metric, ratio=ratio) for one in column.costed[1:])]


def _plain(column: Column, *, ratio: bool) -> str:
    plain = column.costed[0]
    return f"By {column.name}, with nothing done: {_apart(plain, ratio=ratio)}; {plain.right or 0:.1%} of decisions are right."


def _best(column: Column, *, ratio: bool) -> list[str]:
    """Return which way comes within the bound and keeps the most decisions right, else which comes nearest; nothing if none is needed."""
    plain = column.costed[0]
    if plain.judged is None or plain.judged.outcome == "pass":
        return []
    within = [one for one in column.costed[1:] if one.judged and one.judged.outcome == "pass" and one.right is not None]
    if not within:
        near = min(
            (one for one in column.costed[1:] if _gap(one, ratio=ratio) is not None),
            key=lambda one: _gap(one, ratio=ratio) or 0,
            default=None,
        )
        return ["No way brings the groups surely within the bound" + (f"; nearest comes {near.title}." if near else ".")]
    best = max(within, key=lambda one: one.right or 0)
    less = (plain.right or 0) - (best.right or 0)
    cost = f"{less:.1%} of decisions are no longer right" if less > 0 else "no fewer decisions are right"
    knows = ", if the group may be known when it is decided" if best.needs_group else ""
    return [f"The groups come within the bound at the least cost by {best.title}{knows}: {cost}."]


def _gap(one: Costed, *, ratio: bool) -> float | None:
    """Return how far the two groups are from being alike, 0 is alike; None where that is not known."""
    worst = one.judged.pairs[0].value if one.judged and one.judged.pairs else None
    if worst is None or (ratio and worst <= 0):
        return None
    return abs(math.log(worst)) if ratio else abs(worst)


def _way(one: Costed, metric: str, *, ratio: bool) -> str:
    title = f"{one.title[:1].upper()}{one.title[1:]}"
    if one.judged is None:
        return f"{title} has no way to do what the policy asks for."
    change = one.right_change
    sure = "" if change is None else f" ({change.low:+.1%} to {change.high:+.1%} beside nothing)"
    cost = "" if not one.cost else f", {metric} changes by {one.cost:+.3g}"
    needs = "; it must know the group when it decides" if one.needs_group else ""
    return f"{title}: {_apart(one, ratio=ratio)}; {one.right or 0:.1%} of decisions are right{sure}{cost}{needs}."


def _apart(one: Costed, *, ratio: bool) -> str:
    """Return how far the two groups are apart that are farthest, in words."""
    if one.judged is None or not one.judged.pairs:
        return "too few rows to compare groups"
    worst, said = one.judged.pairs[0], WITHIN[one.judged.outcome]
    if worst.value is None:
        return f"{PHRASES[worst.metric]} of {worst.first} cannot be set beside that of {worst.second}, {said}"
    sign = 1 if ratio else -1
    ends = sorted((sign * worst.interval.low, sign * worst.interval.high)) if worst.interval else None
    interval = f" [{ends[0]:.2f} to {ends[1]:.2f}]" if ends else ""
    if ratio:
        return f"{PHRASES[worst.metric]} for {worst.first} is {worst.value:.2f}{interval} times that for {worst.second}, {said}"
    return f"{PHRASES[worst.metric]} for {worst.first} is {-worst.value:.2f}{interval} below that for {worst.second}, {said}"


def chart(spec: ModelSpec, column: Column) -> Mapping[str, Any] | None:
    """Return every way by how far the groups are apart and how many decisions are right, as Vega-Lite; None where nothing is known."""
    points = [point for one in column.costed if (point := _point(one))]
    if not points or spec.fairness is None:
        return None
    least, most = spec.fairness.least_ratio, spec.fairness.most_difference
    x = {"field": "apart", "type": "quantitative", "title": "difference of the groups" if least is None else "ratio of the groups"}
    y = {"field": "right", "type": "quantitative", "title": "share of right decisions", "scale": {"zero": False}}
    by_way = {"y": y, "color": {"field": "way", "type": "nominal", "title": None, "legend": LEGEND}}
    bound = {"data": {"values": [{"apart": -(most or 0) if least is None else least}]}, "mark": {"type": "rule", "strokeDash": [4, 4]}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": f"What each way brings and costs, by {column.name}",
        "title": {
            "text": f"What each way brings and costs, by {column.name}",
            "subtitle": "higher is better; dashed is the policy's bound",
        },
        "width": WIDE,
        "data": {"values": points},
        "layer": [
            {**bound, "encoding": {"x": x}},
            {"mark": "rule", "encoding": {**by_way, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {**by_way, "x": x}},
        ],
    }


def _point(one: Costed) -> Mapping[str, str | float | None] | None:
    """Return one way as the chart shows it; None where it decided nothing, or nothing can be compared."""
    worst = one.judged.pairs[0] if one.judged and one.judged.pairs else None
    if worst is None or worst.value is None:
        return None
    low, high = (_finite(end) for end in _ends(worst.interval))
    return {"way": one.title, "right": one.right, "apart": worst.value, "low": low, "high": high}


def _table(column: Column, metric: str) -> Table:
    columns = ("way", "policy", "apart", "from", "to", "right decisions", f"change of {metric}", "from", "to", "needs the group")
    return Table(f"Mitigations by {column.name}", columns, tuple(_row(one) for one in column.costed))


def _row(one: Costed) -> tuple[str | float | bool | None, ...]:
    worst = one.judged.pairs[0] if one.judged and one.judged.pairs else None
    apart = (worst.value, *_ends(worst.interval)) if worst else (None, None, None)
    return (one.title, one.judged.outcome if one.judged else None, *apart, one.right, one.cost, *_ends(one.cost_interval), one.needs_group)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _verdict(spec: ModelSpec, column: Column, *, ratio: bool) -> Verdict:
    plain = column.costed[0].judged
    fix = f"take what costs least into ml/{spec.model}/train.py, or change what the model is asked to do"
    outcome = plain.outcome if plain else "unknown"
    return Verdict("fairness", spec.model, outcome, _plain(column, ratio=ratio), "" if outcome == "pass" else fix, {"column": column.name})


def _figures(column: Column) -> dict[str, Any]:
    ways = {one.title: dict(zip(("policy", "apart", "from", "to", "right", "cost"), _row(one)[1:7], strict=True)) for one in column.costed}
    return {"fairlearn": column.fairlearn, "ways": ways}
