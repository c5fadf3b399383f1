"""Whether each relation and each feature of the decisions is worth what it costs: learnt again without it."""

from typing import ClassVar

from shipworthy.flows.features_from import groups
from shipworthy.flows.quick_looks import quick_look
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.flows.worth import Worth, worths
from shipworthy.records import Chapter, Table

MOST_GROUPS = 10


class Ablation(Study):
    """What a quick model loses on the holdout when it learns without one relation, or without one feature of the decisions.

    Finds relations that are looked up, kept fresh and watched for nothing. Blind to what only a larger model could make of them, and to two
    relations that tell the same: each alone is then worth nothing, both together are not.
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
        ordered = sorted(found, key=lambda one: -one.mean)
        table = Table("Loss that it keeps away", ("left out", "worth", "from", "to"), tuple(one.row for one in ordered))
        words = worths(found, subject.material.metric, subject.schema.unit)
        figures = {"worth": {one.name: one.mean for one in found}, "untried": max(0, left)}
        return self.chapter(*words, *([untried] if untried else []), looked.words, tables=(table,), figures=figures)


def _ordered(subject: Subject) -> dict[str, tuple[str, ...]]:
    """Return all that can be left out: relations as the spec has them, then own features, those first that count most."""
    every, counts = groups(subject.catalog, subject.spec), subject.fitted.importance
    own = sorted(subject.spec.decisions.features, key=lambda name: -counts.get(name, 0.0))
    return {name: every[name] for name in [*(name for name in every if name not in own), *own]}
