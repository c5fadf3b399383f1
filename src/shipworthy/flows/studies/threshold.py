"""What it costs to act on the answers, beside doing without them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from shipworthy.evaluation.charting import Spec, axis, chart, short
from shipworthy.evaluation.metrics.base import cells
from shipworthy.evaluation.threshold import HALF, HINDSIGHT, Policy, cheaper, curve, policies, thresholds
from shipworthy.flows.studies.base import Study, Subject, ends, level_of
from shipworthy.records import Chapter, Table, Verdict

Others = Mapping[str, tuple[float, Policy]]

WHY = "Probabilities mean something else there than where it was found: look at their calibration, and at labels that came early"
MATTERS = 0.05  # share of the cost that another threshold must save to be worth a warning
CALIBRATE = "write evaluation.calibrate: auto, lengthen label.horizon where labels come later, or train on newer decisions"
FIX = "find features that tell more, state the costs anew, or act without a model"


class Threshold(Study):
    """Whether to act from the threshold on costs less than to act on everybody, on nobody, as the rule says, or from elsewhere on.

    Finds a threshold that no longer fits: probabilities that mean something else in the holdout than where it was learnt. Blind to
    costs that were not stated, and to what acting changes in what comes true.
    """

    title: ClassVar[str] = "What acting on it costs"

    def look(self, subject: Subject) -> Chapter | None:
        """Return what each way to act costs on the holdout; where no costs are stated, that alone."""
        costs, threshold = subject.spec.evaluation.costs, subject.decision.threshold
        if subject.material.task != "binary" or costs is None or threshold is None:
            verdict = Verdict(
                "threshold", subject.name, "pass", "no costs of right and wrong actions are stated, so there is no threshold to judge"
            )
            return self.chapter("No costs of right and wrong actions are stated: no threshold is kept.", verdicts=(verdict,))
        rest: dict[str, Any] = {"together": subject.together, "level": level_of(subject)}
        ways = policies(costs, subject.truth, subject.answers, threshold, subject.times, subject.rule, **rest)
        rest["capacity"] = subject.spec.evaluation.capacity
        others = thresholds(costs, subject.truth, subject.answers, threshold, subject.times, **rest)
        learnt = cheaper(costs, subject.truth, subject.answers, threshold, subject.times, by=MATTERS, **rest)
        warning = _warning(ways[0], others, threshold, learnt)
        charts = {"cost_by_threshold": _chart(curve(costs, subject.truth, subject.answers), threshold, costs.currency)}
        tables = (_costs(ways, costs.currency), _confusion(subject, threshold), _others(others, costs.currency))
        figures = {**_figures(ways, threshold), "others": _said(others), "learnt_here": learnt, "warning": warning}
        return self.chapter(
            *([warning] if warning else []), *_words(ways, others, threshold, costs.currency), tables=tables, charts=charts,
            verdicts=(_warned(_verdict(subject, ways, threshold, costs.currency), warning),), figures=figures,
        )  # fmt: skip


def _words(ways: Sequence[Policy], thresholds_: Others, threshold: float, currency: str) -> list[str]:
    own, *others = ways
    between = f" [{own.interval.low:,.3g} to {own.interval.high:,.3g}]" if own.interval else ""
    first = (
        f"Acted on from a probability of {threshold:.1%} on, a decision costs {own.cost:,.3g}{between} {currency}".rstrip() + " on average."
    )
    other = "; ".join(f"{one.name}: {one.cost:,.3g}" for one in others)
    beside = "; ".join(f"from {_named(name, level)} on: {one.cost:,.3g}" for name, (level, one) in thresholds_.items())
    said = [first, f"{own.acted:.1%} of decisions are acted on.", f"Without the model it would be: {other}."]
    return [*said, f"With another threshold it would be: {beside}."] if beside else said


def _named(name: str, level: float) -> str:
    return f"{name} ({level:.1%}, found on these very decisions)" if name == HINDSIGHT else f"{name} ({level:.1%})"


def _warning(own: Policy, others: Others, threshold: float, learnt: float | None) -> str:
    """Return what is to be said loudly where the threshold does not fit the holdout; nothing where it does."""
    half = others.get(HALF)
    found = []
    if half and half[1].more and half[1].more.high < 0 and half[1].cost < own.cost - MATTERS * abs(own.cost):
        found.append(f"to act from one half on is surely cheaper there, by {own.cost - half[1].cost:,.2g} a decision on average")
    if learnt is not None:
        found.append(f"thresholds learnt on one part of them, such as {learnt:.1%}, are surely cheaper on the rest")
    if not found:
        return ""
    return f"Warning: the threshold of {threshold:.1%} does not fit the held-out decisions: {', and '.join(found)}. {WHY}."


def _warned(verdict: Verdict, warning: str) -> Verdict:
    """Return the verdict with the warning: noted where it passes."""
    if not warning:
        return verdict
    evidence = {**verdict.evidence, "noted": verdict.outcome == "pass"}
    return replace(verdict, words=f"{verdict.words}. {warning.rstrip('.')}", fix=verdict.fix or CALIBRATE, evidence=evidence)


def _verdict(subject: Subject, ways: Sequence[Policy], threshold: float, currency: str) -> Verdict:
    """Return pass if the threshold is surely cheaper than every other way, fail if one is surely no dearer, else unknown."""
    own, *others = ways
    evidence = {**_figures(ways, threshold), "rows": len(subject.truth)}
    best = min(others, key=lambda one: one.cost)
    said = (
        f"a decision costs {own.cost:,.3g} {currency}".rstrip()
        + f" from a probability of {threshold:.1%} on, and {best.cost:,.3g} by '{best.name}'"
    )
    if any(one.more is None for one in others):
        return Verdict(
            "threshold", subject.name, "unknown", f"{said}; there are too few days to tell them apart", "hold out more days", evidence
        )
    lost = [one for one in others if one.more is not None and one.more.high <= 0]
    if lost:
        return Verdict("threshold", subject.name, "fail", f"{said}: acting on the model does not pay", FIX, evidence)
    unsure = [one.name for one in others if one.more is not None and one.more.low <= 0]
    if unsure:
        return Verdict("threshold", subject.name, "unknown", f"{said}, and the rows cannot tell whether that is chance", FIX, evidence)
    return Verdict("threshold", subject.name, "pass", said, "", evidence)


def _figures(ways: Sequence[Policy], threshold: float) -> dict[str, Any]:
    return {"threshold": threshold, "ways": {one.name: _figure(one) for one in ways}}


def _figure(one: Policy) -> dict[str, Any]:
    return {"cost": one.cost, "from_to": ends(one.interval), "acted": one.acted, "more_from_to": ends(one.more)}


def _said(others: Others) -> dict[str, Any]:
    return {name: {"threshold": level, **_figure(one)} for name, (level, one) in others.items()}


def _costs(ways: Sequence[Policy], currency: str) -> Table:
    unit = f" ({currency})" if currency else ""
    columns = ("way to act", "share acted on", f"cost of a decision{unit}", "from", "to", "more than the threshold from", "to ")
    return Table("What each way to act costs", columns, tuple((w.name, w.acted, w.cost, *ends(w.interval), *ends(w.more)) for w in ways))


def _others(others: Others, currency: str) -> Table:
    unit = f" ({currency})" if currency else ""
    columns = ("threshold", "acted on from", "share acted on", f"cost of a decision{unit}", "from", "to", "more than kept from", "to ")
    rows = tuple((name, level, w.acted, w.cost, *ends(w.interval), *ends(w.more)) for name, (level, w) in others.items())
    return Table("What other thresholds cost", columns, rows)


def _confusion(subject: Subject, threshold: float) -> Table:
    right, in_vain, missed, let_be = (int(count) for count in cells(subject.truth, subject.answers, threshold).sum(axis=0))
    rows = (("acted on", right, in_vain), ("not acted on", missed, let_be))
    return Table(f"Rows of the holdout at the threshold {threshold:.3g}", ("", "came true", "did not"), rows)


def _chart(points: Sequence[tuple[float, float, float]], threshold: float, currency: str) -> Spec:
    values = [{"threshold": short(level), "cost": short(cost), "acted": short(acted)} for level, cost, acted in points]
    x = {**axis("threshold", "quantitative", "acted on from this probability on"), "axis": {"format": ".0%"}}
    y = axis("cost", "quantitative", f"cost of a decision ({currency})" if currency else "cost of a decision", zero=False)
    drawn = chart("Cost by threshold", "the dashed line is the threshold that is kept", values, "line", {"x": x, "y": y})
    line = {"mark": drawn.pop("mark"), "encoding": drawn.pop("encoding")}
    kept = {"data": {"values": [{"threshold": threshold}]}, "mark": {"type": "rule", "strokeDash": [4, 3]}, "encoding": {"x": x}}
    return {**drawn, "layer": [line, kept]}
