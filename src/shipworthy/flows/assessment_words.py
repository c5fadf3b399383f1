"""What was found out about the groups of people, as a chapter: words first, then tables, a chart, a verdict for each column."""

import math
from collections.abc import Mapping
from typing import Any

from shipworthy.bounds import Outcome
from shipworthy.evaluation.fairness.disparity import Judged, Limit, Pair, farthest
from shipworthy.evaluation.fairness.outcomes import APPROVED, BIAS, DESERVING, ERROR, RIGHT, UNDESERVING, WRONG
from shipworthy.evaluation.fairness.proxies import Told, proxies
from shipworthy.flows.assessment import Assessed, Compared, Traced
from shipworthy.flows.studies.base import Subject
from shipworthy.records import Chapter, Interval, Table, Verdict
from shipworthy.registry.words import listed
from shipworthy.spec.fairness import Fairness

PHRASES = {
    APPROVED: "the rate of favourable decisions", DESERVING: "the rate of favourable decisions among those who deserve them",
    UNDESERVING: "the rate of favourable decisions among those who do not", WRONG: "the share of wrong decisions",
    ERROR: "the mean absolute error", RIGHT: "the share of right decisions", BIAS: "the mean error",
}  # fmt: skip
TOO_FEW = "too few rows to tell"
MOST_NAMED = 5
MOST_HOLDS = 8


def in_words(subject: Subject, found: Assessed) -> Chapter:
    """Return the chapter of what was found; its name and title are for the study to give."""
    said = subject.spec.fairness or Fairness()
    verdicts = [_verdict(subject, said, one) for one in found.compared]
    crossed = [_verdict(subject, said, one) for one in found.together if one.judged and one.judged.outcome == "fail"]
    first = [verdict.words for verdict in [*verdicts, *crossed] if verdict.outcome == "fail"]
    then = [verdict.words for verdict in verdicts if verdict.outcome != "fail"]
    words = [*first, *then, *_decided(said, found), *(line for one in found.traced for line in _traced(subject, one)), *_compressed(found)]
    tables = [*(_rates(one) for one in [*found.compared, *found.together]), *(table for one in found.traced for table in _tables(one))]
    charts = {f"rates_{one.groups.column}": chart(one) for one in found.compared}
    return Chapter("", "", tuple(words), tuple(tables), charts, (*verdicts, *crossed), _figures(found))


def _verdict(subject: Subject, said: Fairness, one: Compared) -> Verdict:
    column, fix = one.groups.column, f"compare what could be done about it: shipworthy fairness {subject.spec.model}"
    outcome, words = _judged(said, one)
    if said.policy is None:
        fix = "state a policy: fairness.policy in the spec"
    evidence: dict[str, Any] = {"column": column, "policy": said.policy, "rows": dict(zip(one.groups.names, one.groups.rows, strict=True))}
    if one.judged and one.judged.pairs:
        worst = one.judged.pairs[0]
        evidence |= {"metric": worst.metric, "groups": [worst.first, worst.second], "value": worst.value, **_ends(worst.interval)}
    return Verdict("fairness", subject.name, outcome, f"{words[:1].upper()}{words[1:]}.", "" if outcome == "pass" else fix, evidence)


def _judged(said: Fairness, one: Compared) -> tuple[Outcome, str]:
    column, judged = one.groups.column, one.judged
    if said.policy is None:
        return "unknown", f"not assessed by {column}: no policy says what must be alike"
    if judged is None:
        return "unknown", f"not assessed by {column}: the policy {said.policy} is about decisions, and the model answers with numbers"
    if not judged.pairs:
        return "unknown", f"not assessed by {column}: fewer than two groups have {said.minimum_rows} rows ({_counts(one)})"
    limit = Limit(said.least_ratio, said.most_difference)
    return judged.outcome, f"by {column}, {_apart(one, judged.pairs[0], limit)}; {said.policy} bears {limit}{_small(judged)}"


def _apart(one: Compared, pair: Pair, limit: Limit) -> str:
    """Return two groups beside each other in words.

    The lower one comes first.
    """
    low, high = (one.metrics[pair.metric][one.groups.names.index(name)].value for name in (pair.first, pair.second))
    what = "their ratio" if limit.least_ratio is not None else "their difference"
    value = pair.value if limit.least_ratio is not None or pair.value is None else -pair.value
    interval = _turned(pair.interval) if limit.least_ratio is None else pair.interval
    groups = f"{PHRASES[pair.metric]} is {_figure(low)} for {pair.first} and {_figure(high)} for {pair.second}"
    return f"{groups}; {what} is {_figure(value)} {_between(interval)}"


def _turned(interval: Interval | None) -> Interval | None:
    return None if interval is None else Interval(-interval.high, -interval.low, interval.level)


def _between(interval: Interval | None) -> str:
    if interval is None:
        return f"({TOO_FEW})"
    high = _figure(interval.high) if math.isfinite(interval.high) else "any"
    return f"[{_figure(interval.low)} to {high}]"


def _small(judged: Judged) -> str:
    return f" ({TOO_FEW} of {listed(judged.small, MOST_NAMED)})" if judged.small else ""


def _counts(one: Compared) -> str:
    return listed([f"{name}: {rows:,}" for name, rows in zip(one.groups.names, one.groups.rows, strict=True)], MOST_NAMED)


def _decided(said: Fairness, found: Assessed) -> list[str]:
    if found.threshold is None:
        return []
    good = "at or above" if said.favourable else "below"
    how = "; neither fairness.threshold nor evaluation.costs says so" if found.chosen else ""
    return [f"A decision is counted as favourable where the model says {good} {found.threshold:.3g}{how}."]


def _traced(subject: Subject, one: Traced) -> list[str]:
    lines = []
    named = proxies(one.alone)
    if one.joint and one.joint.interval.low > 0.5:
        by = ", ".join(f"{told.name} ({told.auc:.2f})" for told in named[:MOST_NAMED])
        alone = f"; alone do {by}" if named else "; no input does alone"
        own = one.column in subject.schema.names
        start = f"Leaving {one.column} out would not hide it" if own else f"{one.column} is no input, and is not hidden"
        lines.append(f"{start}: the inputs tell {one.joint.name} with an AUC of {_told(one.joint)}, where 0.5 is chance{alone}.")
    elif one.joint:
        lines.append(f"The inputs do not tell {one.column}: AUC {_told(one.joint)}, where 0.5 is chance.")
    if one.swapped is not None:
        moved = f"an answer would move by {_figure(one.swapped)} on average"
        moved = f"{one.swapped:.1%} of decisions would change" if subject.material.task == "binary" else moved
        lines.append(f"Had people the {one.column} of another group and all else the same, {moved}.")
    return lines


def _told(one: Told) -> str:
    return f"{one.auc:.2f} [{one.interval.low:.2f} to {one.interval.high:.2f}]"


def _compressed(found: Assessed) -> list[str]:
    small = found.compressed
    if small.fidelity is None:
        return []
    inputs = listed([f"{name} ({share:.0%})" for name, share in small.inputs], MOST_NAMED)
    return [f"A tree of four questions gives back {max(0.0, small.fidelity):.0%} of what the answers vary; it asks for {inputs}."]


def _rates(one: Compared) -> Table:
    columns = ("group", "rows", *(part for name in one.metrics for part in (name, "from", "to")))
    rows = []
    for place, name in enumerate(one.groups.names):
        cells: list[float | None] = []
        for found in one.metrics.values():
            interval = found[place].interval()
            cells += [_short(found[place].value), _short(interval.low if interval else None), _short(interval.high if interval else None)]
        rows.append((name, one.groups.rows[place], *cells))
    return Table(f"Groups by {one.groups.column}", columns, tuple(rows))


def _tables(one: Traced) -> list[Table]:
    told = [(part.name, _short(part.auc), _short(part.interval.low), _short(part.interval.high)) for part in one.alone[: 2 * MOST_NAMED]]
    held = [
        (part.name, _short(part.moved), _short(part.changed), _short(part.gap), _short(part.gap_within)) for part in one.holds[:MOST_HOLDS]
    ]
    shuffled = (
        "input",
        "mean change of an answer",
        "share of decisions that change",
        "gap between groups",
        "gap if shuffled within groups",
    )
    return [
        Table(f"What tells {one.column}", ("input", "AUC", "from", "to"), tuple(told)),
        Table(f"What happens when an input is shuffled, by {one.column}", shuffled, tuple(held)),
    ]


def chart(one: Compared) -> Mapping[str, Any]:
    """Return the first metric of each group with its interval, as Vega-Lite."""
    metric, found = next(iter(one.metrics.items()))
    points = []
    for name, spread in zip(one.groups.names, found, strict=True):
        interval = spread.interval()
        if spread.value is not None:
            ends = {"low": _short(interval.low), "high": _short(interval.high)} if interval else {"low": None, "high": None}
            points.append({"group": name, "value": _short(spread.value), "rows": spread.rows, **ends})
    y = {"field": "group", "type": "nominal", "title": None}
    x = {"field": "value", "type": "quantitative", "title": metric}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": f"{metric} by {one.groups.column}",
        "title": {"text": f"{metric.capitalize()} by {one.groups.column}", "subtitle": "the line holds the truth 19 times in 20"},
        "width": 520,
        "data": {"values": points},
        "layer": [
            {"mark": "rule", "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True}, "encoding": {"y": y, "x": x}},
        ],
    }


def _figures(assessed: Assessed) -> dict[str, Any]:
    columns = {
        one.groups.column: {
            "apart": {name: dict(zip(("difference", "ratio"), farthest(found), strict=True)) for name, found in one.metrics.items()},
            "outcome": one.judged.outcome if one.judged else "unknown",
            "pairs": [_pair(pair) for pair in one.judged.pairs[:MOST_NAMED]] if one.judged else [],
        }
        for one in [*assessed.compared, *assessed.together]
    }
    tells = {
        one.column: {
            "auc": one.joint.auc if one.joint else None,
            "proxies": [told.name for told in proxies(one.alone)],
            "swapped": one.swapped,
        }
        for one in assessed.traced
    }
    small = {"fidelity": assessed.compressed.fidelity, "inputs": dict(assessed.compressed.inputs)}
    return {
        "assessed": True,
        "rows": assessed.rows,
        "threshold": assessed.threshold,
        "columns": columns,
        "told_by": tells,
        "compressed": small,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "metric": pair.metric,
        "groups": [pair.first, pair.second],
        "value": pair.value,
        **_ends(pair.interval),
        "outcome": pair.outcome,
    }


def _ends(interval: Interval | None) -> dict[str, float | None]:
    return {"low": interval.low, "high": _finite(interval.high)} if interval else {"low": None, "high": None}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if 0.1 <= abs(value) < 100 else f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"


def _short(value: float | None) -> float | None:
    """Return `value` to six figures; None where it is not known."""
    return float(f"{value:.6g}") if value is not None and math.isfinite(value) else None
