"""What a mitigation is: it learns from people of several groups, and decides about others."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import lightgbm
import numpy as np
import numpy.typing as npt

from shipworthy.spec.fairness import Policy
from shipworthy.training.parameters import THREADS

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

TREES = 60


@dataclass(frozen=True, slots=True)
class People:
    """Rows of people: inputs, shape (n, k), NaN is missing; the outcome, 1 is good for the person; the group, from 0; shape (n,) each."""

    matrix: Numbers
    good: Numbers
    groups: Codes


@dataclass(frozen=True, slots=True)
class Task:
    """Whom to learn from, whom to decide about, what must be alike, and from which probability of the good outcome a decision is good."""

    learn: People
    asked: People
    categorical: Sequence[int]
    policy: Policy
    threshold: float
    seed: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about those who were asked, shape (m,): the chance of the good decision, and the probability of the good outcome.

    `probability` is None where a mitigation gives decisions alone.
    """

    good: Numbers
    probability: Numbers | None


class Mitigation(ABC):
    """One way to make decisions more alike. `needs_group` says that the group must be known when a decision is made."""

    title: ClassVar[str]
    needs_group: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The mitigation's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def decide(self, task: Task) -> Decided | None:
        """Return what it decides; None where it has no way to make alike what the policy asks for."""


def learner(task: Task) -> Any:
    """Return an estimator of scikit-learn's kind, not fitted: few small trees, the same for every mitigation."""
    return lightgbm.LGBMClassifier(
        n_estimators=TREES, num_leaves=15, learning_rate=0.1, min_child_samples=20, verbosity=-1, n_jobs=THREADS, random_state=task.seed,
        deterministic=True, force_col_wise=True,
    )  # fmt: skip


def decisions(task: Task, probability: Numbers) -> Numbers:
    """Return the decisions of a threshold: 1 where the good outcome is likely enough."""
    return (probability >= task.threshold).astype(np.float64)


def probabilities(model: Any, matrix: Numbers) -> Numbers:
    """Return what a fitted estimator says: the probability of the good outcome."""
    said: Numbers = np.asarray(model.predict_proba(matrix)[:, 1], dtype=np.float64)
    return said
