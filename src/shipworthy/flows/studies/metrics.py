"""How good the model is, in every number that fits its task."""

from typing import ClassVar

from shipworthy.evaluation.measure import Measured, measure_all
from shipworthy.evaluation.metrics.base import Asked
from shipworthy.flows.budget import in_words
from shipworthy.flows.studies.base import Study, Subject, ends, level_of
from shipworthy.records import Chapter, Table

WORDS = {
    "mae": "On average its answers are off by {value}.",
    "class_accuracy": "The class that it holds for most probable came true in {share} of decisions.",
    "auc of classes": "Of one row of a class and one of another, it gives the right one more of that class {share} of the time.",
    "auc": "Of one row that came true and one that did not, it ranks the right one higher {share} of the time.",
    "precision_at_capacity": "Of the rows that can be acted on, {share} come true.",
    "coverage": "{share} of outcomes do not exceed its answer.",
    "r2": "It explains {share} of what differs between rows.",
}


class Metrics(Study):
    """Every metric that fits the task, with intervals, beside the rule on the same rows.

    Blind to what each mistake costs, which `threshold` tells, and to parts of the rows that do worse than the whole: `slices` tells.
    """

    title: ClassVar[str] = "How good it is"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the metrics of the holdout; those that need a capacity or a quantile only where the spec says them."""
        measured = measure_all(
            asked(subject), subject.times, subject.truth, subject.answers, subject.rule,
            together=subject.together, level=level_of(subject),
        )  # fmt: skip
        unit = subject.schema.unit or ""
        several = bool(subject.material.classes)
        words = [said for one in measured if (said := _words(one, unit, several=several))]
        sure = [one for one in measured if _side(one) == "better"]
        against = f"It is surely better than the rule by {len(sure)} of {len(measured)} metrics." if subject.rule is not None else ""
        columns = ("metric", "better is", "model", "from", "to", "rule", "model minus rule from", "to ")
        rows = tuple(_row(one) for one in measured)
        table = Table(f"Metrics of {len(subject.truth):,} held-out rows", columns, rows)
        figures = {one.metric.name: _figures(one) for one in measured} | {"looks": subject.looks}
        return self.chapter(*(one for one in (*words, against, in_words(subject.looks)) if one), tables=(table,), figures=figures)


def asked(subject: Subject) -> Asked:
    """Return what is asked of the answers of the model."""
    said = subject.spec.evaluation
    return Asked(subject.material.task, said.quantile, subject.decision.threshold, said.capacity)


def _words(one: Measured, unit: str, *, several: bool) -> str:
    value, name = one.value, one.metric.name
    said = WORDS.get(f"{name} of classes" if several else name, WORDS.get(name, ""))
    return "" if value is None else said.format(value=f"{value:,.3g} {unit}".rstrip(), share=f"{value:.1%}")


def _side(one: Measured) -> str:
    """Return whether the model is surely better than the rule, surely worse, or neither."""
    apart = one.difference
    if apart is None or one.metric.better == "nearest" or apart.low <= 0 <= apart.high:
        return "neither"
    return "better" if (apart.high < 0) == (one.metric.better == "lower") else "worse"


def _row(one: Measured) -> tuple[str | float | None, ...]:
    return (one.metric.title, one.metric.better, one.value, *ends(one.interval), one.rule, *ends(one.difference))


def _figures(one: Measured) -> dict[str, object]:
    low, high = ends(one.interval)
    return {"value": one.value, "low": low, "high": high, "rule": one.rule, "better": one.metric.better, "rows": one.rows}
