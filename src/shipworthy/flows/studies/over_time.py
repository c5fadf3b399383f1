"""Whether the promise held all through the holdout, or only on average."""

from collections.abc import Sequence
from typing import Any, ClassVar

from shipworthy.evaluation.promise import by_period
from shipworthy.flows.papers.base.figures import METRICS
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.records import Chapter, Promise, Table


class OverTime(Study):
    """The metric of the promise week by week, beside the rule.

    Finds a model that was good in some weeks alone. Blind within a week, and to seasons that the holdout has not seen.
    """

    title: ClassVar[str] = "Over time"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the metric of each week of the holdout; None where nothing is ordered by time."""
        whole = subject.promise
        if not subject.material.split.ordered:
            return None
        weeks = by_period(
            subject.spec.model, subject.version, "offline", subject.material.metric, times=subject.times, truth=subject.truth,
            answers=subject.answers, rule=subject.rule, window=whole.window, now=whole.measured_at, every="week",
            quantile=subject.spec.evaluation.quantile,
        )  # fmt: skip
        known = [week for week in weeks if week.value is not None]
        beaten = [week for week in known if week.rule is not None and week.value is not None and week.value < week.rule]
        words = f"The model was better than the rule in {len(beaten)} of {len(known)} weeks." if whole.rule is not None else ""
        noun = METRICS.get(whole.metric, whole.metric)
        spread = f"Its {noun} lay between {_least(known):,.3g} and {_most(known):,.3g}." if known else "No week could be measured."
        table = Table(f"{noun[0].upper()}{noun[1:]} by week", ("week from", "rows", "model", "rule"), tuple(_row(week) for week in weeks))
        figures = {"weeks": len(known), "weeks_better_than_rule": len(beaten)}
        charts = {"weeks": _chart(known, noun)} if len(known) > 1 else {}
        return self.chapter(*(one for one in (words, spread) if one), tables=(table,), charts=charts, figures=figures)


def _row(week: Promise) -> tuple[str, int, float | None, float | None]:
    return (f"{week.window.start:%Y-%m-%d}", week.rows, week.value, week.rule)


def _least(weeks: list[Promise]) -> float:
    return min(week.value for week in weeks if week.value is not None)


def _most(weeks: list[Promise]) -> float:
    return max(week.value for week in weeks if week.value is not None)


def _chart(weeks: Sequence[Promise], noun: str) -> dict[str, Any]:
    """Return model and rule as lines over the weeks; a week without a rule has a point of the model alone."""
    of = {"model": [(week.window.start, week.value) for week in weeks], "rule": [(week.window.start, week.rule) for week in weeks]}
    points = [
        {"week": start.isoformat(), "value": value, "of": name} for name, line in of.items() for start, value in line if value is not None
    ]
    return {
        "description": f"{noun} week by week, of the model and of the rule",
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "week", "type": "temporal", "title": "week from", "scale": {"type": "utc"}},
            "y": {"field": "value", "type": "quantitative", "title": noun, "scale": {"zero": False}},
            "color": {"field": "of", "type": "nominal", "title": None, "sort": ["model", "rule"]},
        },
    }
