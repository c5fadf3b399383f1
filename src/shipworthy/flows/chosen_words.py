"""How a choice among candidates is told: sentences, a table, a chart of the search."""

from collections.abc import Mapping
from typing import Any

from shipworthy.flows.choosing import Chosen
from shipworthy.records import Interval, Table
from shipworthy.training.selection import Compared, Selection

WIDE, HIGH = 520, 260


def words(chosen: Chosen, metric: str) -> list[str]:
    """Return what was chosen and why, in sentences; the most important first."""
    if chosen.selection is None:
        why = chosen.words or ("It is the only candidate, and nothing was searched.",)
        return [f"The learner is {chosen.learner}. It was compared with nothing.", *why]
    warned = [line for found in chosen.searches.values() for line in found.warnings]
    return [_choice(chosen, chosen.selection, metric), *_beside_rule(chosen), *_seeds(chosen.selection), *chosen.words, *warned]


def _choice(chosen: Chosen, selection: Selection, metric: str) -> str:
    kept, best = selection.of(selection.kept), selection.of(selection.best)
    asked = f"{chosen.rows:,} rows that it had not learnt from, in {_folds(chosen.folds)}"
    names = _listed([one.name for one in selection.compared])
    if kept.name == best.name:
        simpler = [one for one in selection.compared if one.complexity < kept.complexity]
        last = " Every simpler one is surely worse." if simpler and all(one.surely_worse for one in simpler) else ""
        return f"Of {names}, {kept.name} has the lowest {metric}: {kept.loss:.4g} on {asked}.{last}"
    return (
        f"Of {names}, {kept.name} is kept: its {metric} of {kept.loss:.4g} on {asked}, is not surely worse than the {best.loss:.4g} of"
        f" {best.name}{_between(kept.interval)}, and it is simpler."
    )


def _beside_rule(chosen: Chosen) -> list[str]:
    rule = chosen.rule
    if rule is None:
        return []
    if rule.interval is None:
        return [f"The rule has {chosen.rule_loss:.4g} on the same rows; whether the difference is sure is not known."]
    sure = rule.interval.high < 0
    said = "it is surely worse" if sure else "no candidate surely beats it"
    return [f"The rule has {chosen.rule_loss:.4g} on the same rows: {said}{_between(rule.interval)}."]


def _seeds(selection: Selection) -> list[str]:
    return [
        f"With {one.seeds} seeds the result of {one.name} moves by {one.spread:.2g} (standard deviation); the comparison counts that in."
        for one in selection.compared
        if one.seeds > 1
    ]


def _folds(count: int) -> str:
    return f"{count} fold{'' if count == 1 else 's'}"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _between(interval: Interval | None) -> str:
    return f" (difference between {interval.low:.3g} and {interval.high:.3g})" if interval else ""


def candidates(chosen: Chosen, selection: Selection, metric: str) -> Table:
    """Return the table of the candidates, the simplest first, and the rule last; blanks are not known."""
    rows = [_row(one, selection) for one in selection.compared]
    if chosen.rule_loss is not None:
        rows.append(("the rule", None, chosen.rule_loss, None, None, None, None, None))
    columns = ("candidate", "kept", metric, "spread over seeds", "seeds", "behind the best", "from", "to")
    return Table(f"Candidates on the same rows of {_folds(chosen.folds)}", columns, tuple(rows))


def _row(one: Compared, selection: Selection) -> tuple[str | float | int | bool | None, ...]:
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    return one.name, one.name == selection.kept, one.loss, one.spread if one.seeds > 1 else None, one.seeds, one.behind, low, high


def trials(chosen: Chosen, metric: str) -> list[Table]:
    """Return the trials of each search: their parameters, and the loss where they were finished."""
    tables = []
    for name, found in chosen.searches.items():
        asked = sorted({parameter for trial in found.trials for parameter in trial.parameters})
        rows = tuple((one.number, one.loss, one.folds, *(one.parameters.get(parameter) for parameter in asked)) for one in found.trials)
        if rows:
            tables.append(Table(f"Search of {name}", ("trial", metric, "folds", *asked), rows))
        if found.importance:
            shares = tuple(found.importance.items())
            tables.append(Table(f"What the trials of {name} differ by", ("parameter", "share of the differences"), shares))
    return tables


def search_chart(chosen: Chosen, metric: str) -> Mapping[str, Any] | None:
    """Return the loss of every finished trial by its number; None where nothing was searched."""
    points = [
        {"trial": one.number, "value": float(f"{one.loss:.6g}"), "learner": name}
        for name, found in chosen.searches.items()
        for one in found.trials
        if one.loss is not None
    ]
    if not points:
        return None
    given_up = sum(one.loss is None for found in chosen.searches.values() for one in found.trials)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": "Search",
        "title": {"text": "Search", "subtitle": f"{metric} on the folds; the first trial has the defaults; {given_up} were given up"},
        "width": WIDE,
        "height": HIGH,
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "trial", "type": "quantitative", "title": "trial", "axis": {"tickMinStep": 1}},
            "y": {"field": "value", "type": "quantitative", "title": metric, "scale": {"zero": False}},
            "color": {"field": "learner", "type": "nominal"},
        },
    }
