"""What mitigations would bring and cost, as a chapter: words first, then a table for each sensitive column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shipworthy.evaluation.fairness.disparity import Judged
from shipworthy.records import Chapter, Interval, Table, Verdict
from shipworthy.spec.model import ModelSpec

NAME, TITLE = "mitigation", "What could be done about fairness"


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
    words = [sentence for column in found for sentence in (_plain(column), *(_way(one, metric) for one in column.costed[1:]))]
    words.append("None of it is deployed: every way was tried with the same small learner, on the same rows, to show what it would cost.")
    tables = tuple(_table(column, metric) for column in found)
    verdicts = tuple(_verdict(spec, column) for column in found)
    return Chapter(NAME, TITLE, tuple(words), tables, {}, verdicts, {column.name: _figures(column) for column in found})


def _plain(column: Column) -> str:
    plain = column.costed[0]
    return f"By {column.name}, nothing done: {_apart(plain)}; {plain.right or 0:.1%} of decisions are right."


def _way(one: Costed, metric: str) -> str:
    title = f"{one.title[:1].upper()}{one.title[1:]}"
    if one.judged is None:
        return f"{title} has no way to do what the policy asks for."
    change = one.right_change
    sure = "" if change is None else f" ({change.low:+.1%} to {change.high:+.1%} beside nothing)"
    cost = "" if one.cost is None else f", {metric} changes by {one.cost:+.3g}"
    needs = "; it must know the group when it decides" if one.needs_group else ""
    return f"{title}: {_apart(one)}; {one.right or 0:.1%} of decisions are right{sure}{cost}{needs}."


def _apart(one: Costed) -> str:
    if one.judged is None or not one.judged.pairs:
        return "too few rows to compare groups"
    worst = one.judged.pairs[0]
    value = "-" if worst.value is None else f"{worst.value:.2f}"
    within = f" [{worst.interval.low:.2f} to {worst.interval.high:.2f}]" if worst.interval else ""
    said = {"pass": "within the bound", "fail": "beyond the bound", "unknown": "not surely within the bound"}[one.judged.outcome]
    return f"{worst.metric} of {worst.first} beside {worst.second} {value}{within}, {said}"


def _table(column: Column, metric: str) -> Table:
    columns = ("way", "policy", "apart", "from", "to", "right decisions", f"change of {metric}", "from", "to", "needs the group")
    return Table(f"Mitigations by {column.name}", columns, tuple(_row(one) for one in column.costed))


def _row(one: Costed) -> tuple[str | float | bool | None, ...]:
    worst = one.judged.pairs[0] if one.judged and one.judged.pairs else None
    apart = (worst.value, *_ends(worst.interval)) if worst else (None, None, None)
    return (one.title, one.judged.outcome if one.judged else None, *apart, one.right, one.cost, *_ends(one.cost_interval), one.needs_group)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)


def _verdict(spec: ModelSpec, column: Column) -> Verdict:
    plain = column.costed[0].judged
    fix = f"take what costs least into ml/{spec.model}/train.py, or change what the model is asked to do"
    outcome = plain.outcome if plain else "unknown"
    return Verdict("fairness", spec.model, outcome, _plain(column), "" if outcome == "pass" else fix, {"column": column.name})


def _figures(column: Column) -> dict[str, Any]:
    ways = {one.title: dict(zip(("policy", "apart", "from", "to", "right", "cost"), _row(one)[1:7], strict=True)) for one in column.costed}
    return {"fairlearn": column.fairlearn, "ways": ways}
