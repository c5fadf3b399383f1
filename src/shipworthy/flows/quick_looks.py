"""What a quick model that may see only some features is worth on the holdout, where the model itself would take too long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.flows.looks import Sample, evenly, sampled
from shipworthy.flows.studies.base import Subject
from shipworthy.registry.encoding import encode
from shipworthy.spec.part import Metric
from shipworthy.training.classes import counted
from shipworthy.training.fitted import Rows, always
from shipworthy.training.parameters import Value, objective
from shipworthy.training.quick import quick_answers

Numbers = npt.NDArray[np.float64]
FIT_ROWS, HELD_ROWS = 5_000, 3_000


@dataclass(frozen=True, slots=True)
class QuickLook:
    """Up to 5,000 of the newest fitted rows to learn from, up to 3,000 of the holdout to be judged on."""

    held: Sample
    rows: Rows
    fit: npt.NDArray[np.bool_]

    @property
    def subject(self) -> Subject:
        """The model whose features these are."""
        return self.held.subject

    @property
    def words(self) -> str:
        """What was compared, as a sentence."""
        return f"Compared by a quick model: learnt from {int(self.fit.sum()):,} decisions, judged on {self.held.words}."

    def losses(self, features: Sequence[str]) -> Numbers:
        """Return the loss on each held row of a quick model that sees `features` alone; without any, of the best constant."""
        places = [place for place, name in enumerate(self.subject.schema.names) if name in set(features)]
        if not places:
            return self.constant
        seen = _only(self.rows, places)
        material, seed = self.subject.material, self.subject.spec.training.seed
        more, classes = self._aim(), len(material.classes)
        return self.held.losses_of(quick_answers(seen, self.fit, ~self.fit, task=material.task, seed=seed, more=more, classes=classes))

    @property
    def constant(self) -> Numbers:
        """The loss on each held row of the one answer that is best for the fitted ones."""
        return constant_losses(self.held, self.rows.target[self.fit])

    def _aim(self) -> Mapping[str, Value]:
        quantile = self.subject.spec.evaluation.quantile
        material = self.subject.material
        aim: dict[str, Value] = {"objective": objective(material.task, material.metric)}
        return aim | ({"alpha": quantile} if quantile is not None else {})


def quick_look(subject: Subject) -> QuickLook:
    """Return rows for quick comparisons on the holdout of `subject`; the newest fitted rows are the ones most like it."""
    material, schema = subject.material, subject.schema
    fitted = np.flatnonzero(material.split.fit)[-FIT_ROWS:]
    places = evenly(len(subject.answers), HELD_ROWS)
    held = np.flatnonzero(material.split.holdout)[places]
    both = np.concatenate([fitted, held])
    matrix = encode(schema, material.features.take(pa.array(both)))
    levels = {place: schema.columns[place].categories for place in schema.categorical}
    rows = Rows(matrix, material.target[both], schema.names, schema.categorical, levels)
    return QuickLook(sampled(subject, places, matrix[len(fitted) :]), rows, np.arange(len(both)) < len(fitted))


def constant_losses(held: Sample, target: Numbers) -> Numbers:
    """Return the loss on each held row of the one answer that is best for `target`, the labels of other rows."""
    material, quantile = held.subject.material, held.subject.spec.evaluation.quantile
    best = counted(target, len(material.classes)) if material.classes else best_constant(material.metric, target, quantile)
    return held.losses_of(always(best, held.matrix))


def best_constant(metric: Metric, target: Numbers, quantile: float | None) -> float:
    """Return the one answer with the lowest loss on `target`.

    >>> best_constant("mae", np.array([1.0, 2.0, 9.0]), None), best_constant("mse", np.array([1.0, 2.0, 9.0]), None)
    (2.0, 4.0)
    """
    if metric in ("mae", "pinball"):
        return float(np.quantile(target, 0.5 if quantile is None else quantile))
    return float(target.mean())


def _only(rows: Rows, places: Sequence[int]) -> Rows:
    new = {old: place for place, old in enumerate(places)}
    return replace(
        rows,
        matrix=rows.matrix[:, places],
        features=[rows.features[place] for place in places],
        categorical=[new[place] for place in rows.categorical if place in new],
        levels={new[place]: found for place, found in rows.levels.items() if place in new},
    )
