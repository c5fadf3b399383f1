"""What more history would bring, as a chapter: words first, then the curve."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shipworthy.bounds import Outcome
from shipworthy.evaluation.learning_curve import LEAST_SIZES, MOST_FACTOR, Outlook
from shipworthy.flows.material import Material
from shipworthy.records import Chapter, Interval, Table, Verdict
from shipworthy.registry.words import places
from shipworthy.spec.model import ModelSpec

NAME, TITLE = "feasibility", "Feasibility"
DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """The losses of models that learnt from `sizes` rows, the first from all; `target` is what is to be reached, None where nobody said.

    `told` is None where there is too little to tell; `shown` the smallest improvement over the rule that so many labels could show.
    """

    sizes: Sequence[int]
    ages: Sequence[float]
    values: Sequence[float]
    rows: int
    target: float | None
    told: Outlook | None
    rule: float | None
    rule_interval: Interval | None
    shown: float | None


def in_words(spec: ModelSpec, material: Material, found: Weighed) -> Chapter:
    """Return the chapter of feasibility; its verdict passes where the target is reached or can be, and fails where it surely cannot."""
    outcome, first, fix = _judged(spec, material, found)
    words = [first, *_today(material, found), *_shown(material, found), *_aging(found)]
    verdict = Verdict(NAME, spec.model, outcome, first, "" if outcome == "pass" else fix, _figures(found, chart=False))
    table = Table(
        "Learning curve",
        ("rows", "days before the holdout", material.metric),
        tuple(zip(found.sizes, found.ages, found.values, strict=True)),
    )
    charts = {"learning_curve": chart(material.metric, found)} if found.told else {}
    return Chapter(NAME, TITLE, tuple(words), (table,) if found.sizes else (), charts, (verdict,), _figures(found, chart=True))


def _judged(spec: ModelSpec, material: Material, found: Weighed) -> tuple[Outcome, str, str]:
    more, other = "give more history, or a shorter evaluation.holdout", "give it better features, or agree on another brief.target"
    if found.target is None:
        return (
            "unknown",
            "It cannot be told what is to be reached: there is neither a brief.target in the metric, nor a rule.",
            "write brief.target",
        )
    if found.told is None:
        sizes = len(set(found.sizes))
        return (
            "unknown",
            f"It cannot be told: {found.rows:,} rows give {sizes} points of a learning curve, {LEAST_SIZES} are needed, over five days.",
            more,
        )
    told, target = found.told, _goal(spec, material, found)
    now = f"{_figure(told.now, found)} {_between(told.now_interval, found)}"
    if told.reach == "reached":
        sure = "" if told.now_interval and told.now_interval.high <= found.target else ", if not beyond doubt"
        return "pass", f"{target} is reached with today's history{sure}: {now}.", ""
    if told.reach == "reachable":
        return "pass", f"{target} would be reached with about {_more(material, found)}; today it is {now}.", ""
    later = f"{_figure(told.later, found)} {_between(told.later_interval, found)}"
    if told.reach == "unreachable":
        return "fail", f"{target} is not reachable with these features: the curve levels off at {later}; today it is {now}.", other
    chance = f"in {told.chance:.0%} of the curves that fit, {MOST_FACTOR:g} times the history is enough"
    return (
        "unknown",
        f"It cannot be told whether more history would reach it: {target[:1].lower()}{target[1:]}, {chance}; today it is {now}.",
        more,
    )


def _goal(spec: ModelSpec, material: Material, found: Weighed) -> str:
    said = spec.brief.target
    whose = "The target" if said is not None and said.metric == material.metric else "The rule's"
    return f"{whose} {material.metric} of {_figure(found.target or 0.0, found)}"


def _more(material: Material, found: Weighed) -> str:
    """Return how much more history it takes: in weeks where rows have an order, else in rows."""
    assert found.told is not None
    assert found.told.factor is not None
    assert found.told.factor_interval is not None
    ends = (found.told.factor, found.told.factor_interval.low, found.told.factor_interval.high)
    rows = [(factor - 1) * found.rows for factor in ends]
    weeks = (material.split.fit_window.end - material.split.fit_window.start).total_seconds() / 86400 / DAYS_A_WEEK
    by_time = material.split.ordered
    middle, low, high = (one * weeks / found.rows if by_time else one for one in rows)
    upper = f"to {high:,.0f}" if math.isfinite(high) else "or many more"
    return f"{middle:,.0f} more {'weeks' if by_time else 'rows'} [{low:,.0f} {upper}]"


def _today(material: Material, found: Weighed) -> list[str]:
    rule = "" if found.rule is None else f" The rule has {_figure(found.rule, found)} {_between(found.rule_interval, found)}."
    if not found.values:
        return [rule.strip()] if rule else []
    days = (material.split.fit_window.end - material.split.fit_window.start).days
    span = f" of {days:,} days" if material.split.ordered else ""
    return [f"Learnt from {found.rows:,} rows{span}, an untuned model has {_figure(found.values[0], found)}.{rule}"]


def _shown(material: Material, found: Weighed) -> list[str]:
    if found.shown is None or not found.rule:
        return []
    rows = int(material.split.holdout.sum())
    share = f" ({found.shown / found.rule:.1%} of the rule's)" if found.rule > 0 else ""
    least = f"{_figure(found.shown, found)}{share} or more, in four of five cases"
    return [f"The {rows:,} labels of the holdout could show an improvement over the rule of {least}."]


def _aging(found: Weighed) -> list[str]:
    if found.told is None or not found.told.aging:
        return []
    return [f"History gets old: each week before the holdout costs {found.told.aging * DAYS_A_WEEK:.2g}."]


def _figure(value: float, found: Weighed) -> str:
    scale = found.told.now if found.told else value
    return f"{value:,.{places(abs(scale) / 100)}f}"


def _between(interval: Interval | None, found: Weighed) -> str:
    return f"[{_figure(interval.low, found)} to {_figure(interval.high, found)}]" if interval else "(too few days to tell how surely)"


def _figures(found: Weighed, *, chart: bool) -> dict[str, Any]:
    told = {} if found.told is None else {name: value for name, value in asdict(found.told).items() if chart or name != "curve"}
    interval = told.get("factor_interval")
    if interval and not math.isfinite(interval["high"]):
        told["factor_interval"] = {**interval, "high": None}
    return {"rows": found.rows, "target": found.target, "rule": found.rule, "smallest_shown": found.shown, **told}


def chart(metric: str, found: Weighed) -> Mapping[str, Any]:
    """Return the losses that were measured, the curve through them with its band, and the target, as Vega-Lite."""
    assert found.told is not None
    curve = [{"rows": factor * found.rows, "value": value, "low": low, "high": high} for factor, value, low, high in found.told.curve]
    points = [{"rows": size, "value": value} for size, value in zip(found.sizes, found.values, strict=True)]
    x = {"field": "rows", "type": "quantitative", "title": "rows to learn from", "scale": {"type": "log"}}
    y = {"field": "value", "type": "quantitative", "title": metric, "scale": {"zero": False}}
    rule = {"mark": {"type": "rule", "strokeDash": [4, 3]}, "data": {"values": [{"value": found.target}]}, "encoding": {"y": y}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": "Learning curve",
        "title": {"text": "Learning curve", "subtitle": "beyond the points it is carried on; the dashed line is the target"},
        "width": 520,
        "height": 260,
        "data": {"values": curve},
        "layer": [
            {"mark": {"type": "area", "opacity": 0.18}, "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": "line", "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "filled": True}, "data": {"values": points}, "encoding": {"x": x, "y": y}},
            rule,
        ],
    }
