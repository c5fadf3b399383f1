"""What the model loses where a feature tells it nothing: the values of other decisions in place of its own."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from shipworthy.flows.features_from import features_from
from shipworthy.flows.looks import Numbers, Sample, sample
from shipworthy.flows.studies.base import Study, Subject
from shipworthy.flows.worth import Worth, worths
from shipworthy.records import Chapter, Table


class Importance(Study):
    """How much higher the loss is where the values of a feature, or of all of a relation together, are dealt out among the decisions anew.

    Finds what the fitted model really needs on decisions that it has not learnt from. Blind to what another feature could have
    told in its place: that is what leaving it out before learning shows.

    Source:
        Breiman (2001), Random forests, section 10; Fisher, Rudin and Dominici (2019) for any model. Intervals: days or groups drawn anew.
    """

    title: ClassVar[str] = "What it loses without a feature"

    def look(self, subject: Subject) -> Chapter | None:
        """Return the worth of each feature, and of each relation with more than one."""
        relations = {name: held for name, held in features_from(subject.catalog, subject.spec).items() if len(held) > 1}
        asked = {name: (name,) for name in subject.schema.names} | {f"relation {name}": held for name, held in relations.items()}
        looked = sample(subject, questions=len(asked))
        order = np.random.default_rng(subject.spec.training.seed).permutation(len(looked.places))
        variants = [dealt(looked, order, held) for held in asked.values()]
        found = [_worth(looked, name, told) for name, told in zip(asked, looked.asked(variants), strict=True)]
        features, joined = found[: len(subject.schema.names)], found[len(subject.schema.names) :]
        words = worths(features, subject.material.metric, subject.schema.unit)
        tables = [_table("feature", features), *([_table("relation", joined)] if joined else [])]
        figures = {"worth": {one.name: one.mean for one in found}, "rows": len(looked.places)}
        return self.chapter(*words, f"Looked at: {looked.words}.", tables=tuple(tables), figures=figures)


def dealt(looked: Sample, order: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]], features: Sequence[str]) -> Numbers:
    """Return the matrix with the values of `features`, those of one row together, dealt out among the rows in `order`."""
    places = [looked.subject.schema.names.index(name) for name in features if name in looked.subject.schema.names]
    matrix = looked.matrix.copy()
    matrix[:, places] = looked.matrix[order][:, places]
    return matrix


def _worth(looked: Sample, name: str, told: Numbers) -> Worth:
    more = looked.losses_of(told) - looked.losses
    return Worth(name, float(more.mean()), looked.interval(more))


def _table(kind: str, found: Sequence[Worth]) -> Table:
    ordered = sorted(found, key=lambda one: -one.mean)
    return Table(f"Loss that its values keep away, by {kind}", (kind, "worth", "from", "to"), tuple(one.row for one in ordered))
