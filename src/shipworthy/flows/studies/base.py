"""What a study is, and the model that it is shown."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.flows.budget import level_for
from shipworthy.flows.catalog import Catalog
from shipworthy.flows.choosing import Chosen
from shipworthy.flows.material import Material
from shipworthy.records import Chapter, Interval, Promise, Table, Verdict
from shipworthy.registry.decision import AS_IT_IS, Decision
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project
from shipworthy.training.fitted import Fitted

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Subject:
    """A model as it was fitted to the rows before the holdout, and all that it came from.

    `schema` and `fitted` are of the model that is judged, not of the one that learns from the holdout too before it is packaged.
    `answers` are those for the rows of the holdout, shape (h,), calibrated as `decision` says. `chosen` says how learner and parameters
    were found, None where they were given; `looked` what the checks said of the training set. `looks` is how many different
    trainings have been judged on this holdout, this one included.
    """

    project: Project
    book: Engine
    spec: ModelSpec
    version: int
    catalog: Catalog
    material: Material
    schema: Schema
    fitted: Fitted
    answers: Numbers
    promise: Promise
    decision: Decision = AS_IT_IS
    chosen: Chosen | None = None
    looked: tuple[Verdict, ...] = ()
    looks: int = 1

    @property
    def name(self) -> str:
        """The subject of its verdicts: `model@version`."""
        return f"{self.spec.model}@{self.version}"

    @property
    def held(self) -> pa.Table:
        """The raw feature values of the holdout, shape (h, k)."""
        return self.material.features.filter(pa.array(self.material.split.holdout))

    @property
    def truth(self) -> Numbers:
        """What came true in the holdout, shape (h,)."""
        return self.material.target[self.material.split.holdout]

    @property
    def times(self) -> npt.NDArray[np.datetime64]:
        """When the rows of the holdout were decided, shape (h,)."""
        return self.material.times[self.material.split.holdout]

    @property
    def rule(self) -> Numbers | None:
        """What the rule says to the holdout, shape (h,); None where there is none."""
        return None if self.material.rule is None else self.material.rule[self.material.split.holdout]

    @property
    def together(self) -> npt.NDArray[np.int64] | None:
        """The group of each row of the holdout, where whole groups were drawn; None where days are independent of each other."""
        together = self.material.split.together
        return None if together is None else together[self.material.split.holdout]

    def answer(self, rows: pa.Table) -> Numbers:
        """Return what the model says to raw feature values, shape (n,)."""
        return self.meant(encode(self.schema, rows))

    def meant(self, matrix: Numbers) -> Numbers:
        """Return what the model says to an encoded matrix, shape (n, k), calibrated: shape (n,)."""
        return self.decision.meaning(self.fitted.answers(matrix))


class Study(ABC):
    """One question to a freshly fitted model. A member's docstring says what it finds out and what it is blind to.

    A study is cheap: it looks at a sample where there are many rows, and says so. What costs minutes waits until it is asked for.
    """

    title: ClassVar[str]

    @property
    def name(self) -> str:
        """The study's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def look(self, subject: Subject) -> Chapter | None:
        """Return what was found out; None where the question does not arise. What was asked and cannot be told is an unknown verdict."""

    def chapter(
        self,
        *words: str,
        tables: tuple[Table, ...] = (),
        charts: Mapping[str, Mapping[str, Any]] | None = None,
        verdicts: tuple[Verdict, ...] = (),
        figures: Mapping[str, Any] | None = None,
    ) -> Chapter:
        """Return the chapter of this study."""
        return Chapter(self.name, self.title, words, tables, charts or {}, verdicts, figures or {})


def ends(interval: Interval | None) -> tuple[float | None, float | None]:
    """Return both ends of an interval as a table shows them: blanks where it is not known."""
    return (None, None) if interval is None else (interval.low, interval.high)


def level_of(subject: Subject) -> float:
    """Return the level of intervals that so many looks at this holdout leave; those of every study have it."""
    return level_for(subject.looks)
