"""Whether each relation and each feature of the decisions is worth what it costs: learnt again without it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shipworthy.flows.features_from import build_seconds, groups
from shipworthy.flows.quick_looks import quick_look
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.flows.worth import Worth, worths
from shipworthy.records import Chapter, Table
from shipworthy.registry.words import listed

MOST_GROUPS = 10
LEAST_SECONDS = 1.0


class Ablation(Study):
    """What a quick model loses on the holdout when it learns without one relation, or without one feature of the decisions.

    Beside it stand the seconds that each build spends on a relation and on nothing else of the model. Finds relations that are built,
    looked up, kept fresh and watched for nothing. Blind to what only a larger model could make of them, to two relations that tell the
    same: each alone is then worth nothing, both together are not; and to the people who keep a feature alive.
    """

    title: ClassVar[str] = "What each relation is worth"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the worth of each group of features; None where there is only one.

        At most 10 are tried: relations, then the features that count most.
        """
        every = _ordered(subject)
        names = subject.schema.names
        if len(every) < 2:
            return None
        looked = quick_look(subject)
        whole = looked.losses(names)
        found = []
        for name in list(every)[:MOST_GROUPS]:
            more = looked.losses([feature for feature in names if feature not in every[name]]) - whole
            found.append(Worth(name, float(more.mean()), looked.held.interval(more)))
        left = len(every) - len(found)
        untried = f"{left} further features of the decisions were not tried: each takes a fit of its own." if left > 0 else ""
        cost = build_seconds(subject.catalog, subject.spec)
        words = [*worths(found, subject.material.metric, subject.schema.unit), *_for_nothing(found, cost)]
        figures = {
            "worth": {one.name: one.mean for one in found}, "surely_worth": [one.name for one in found if one.surely],
            "build_seconds": cost, "untried": max(0, left),
        }  # fmt: skip
        tables = (_table(found, cost),)
        return self.chapter(*words, *([untried] if untried else []), looked.words, tables=tables, figures=figures)


def _table(found: Sequence[Worth], cost: Mapping[str, float | None]) -> Table:
    """Return the worth of each beside what a build spends on it, blank where that is nothing of its own or not known."""
    rows = tuple((*one.row, cost.get(one.name)) for one in sorted(found, key=lambda one: -one.mean))
    return Table("Loss that it keeps away, and what it costs", ("left out", "worth", "from", "to", "seconds of a build"), rows)


def _for_nothing(found: Sequence[Worth], cost: Mapping[str, float | None]) -> list[str]:
    """Return a sentence about relations that cost a second or more and show no worth; nothing where there are none."""
    idle = [(one.name, cost.get(one.name) or 0.0) for one in found if not one.surely]
    dear = [f"{name} ({seconds:,.0f} seconds)" for name, seconds in idle if seconds >= LEAST_SECONDS]
    return [f"Each build spends time on what shows no worth: {listed(dear)}."] if dear else []


def _ordered(subject: Subject) -> dict[str, tuple[str, ...]]:
    """Return all that can be left out: relations as the spec has them, then own features, those first that count most."""
    every, counts = groups(subject.catalog, subject.spec), subject.fitted.importance
    own = sorted(subject.spec.decisions.features, key=lambda name: -counts.get(name, 0.0))
    return {name: every[name] for name in [*(name for name in every if name not in own), *own]}
