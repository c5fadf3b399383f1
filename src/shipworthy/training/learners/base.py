"""What a learner is: it fits rows, and says which parameters are worth a search."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from shipworthy.gateways.trust import Trust
from shipworthy.records import Task
from shipworthy.spec.part import Metric
from shipworthy.training.fitted import Fitted, Rows
from shipworthy.training.parameters import Value
from shipworthy.training.split import Split

NO_TRUST = Trust()


@dataclass(frozen=True, slots=True)
class Aim:
    """What a fit is after: the task, the metric to follow, the seed of everything random, and what a refusal names.

    `quantile` is that of the metric pinball, None for any other. `classes` is how many a multiclass task has, 0 for another task. `code`
    is the team's own `train.py`, None where there is none; `trust` what an estimator may be made of. `monotone` is 1 for each feature
    with which the answer must not fall, -1 where it must not rise; a learner that cannot promise that leaves it to the cases of behaviours.
    """

    task: Task
    metric: Metric
    seed: int = 7
    where: str = "training"
    quantile: float | None = None
    code: Path | None = None
    trust: Trust = NO_TRUST
    classes: int = 0
    monotone: Mapping[str, int] = field(default_factory=dict)


class Learner(ABC):
    """One way to learn. The simplest of those that are equally good is kept: `complexity` puts them in order."""

    complexity: ClassVar[int]
    random: ClassVar[bool] = False  # whether another seed gives another model
    natural_ends: ClassVar[frozenset[str]] = frozenset()  # parameters whose range ends where values end: a share of 1

    @property
    def name(self) -> str:
        """The learner's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def fit(self, rows: Rows, split: Split, *, aim: Aim, said: Mapping[str, Value]) -> Fitted:
        """Return the model fitted to the rows `split.fit`; the holdout and the gap are not looked at.

        Args:
            rows: shape (n, k), the rows of the masks in `split`.
            split: which of them to learn from. Where a learner takes steps, it learns from `split.learn` and looks at `split.tail`
                to choose their number.
            aim: task, metric, seed.
            said: parameters that replace the defaults; `training.parameters` in a spec.

        Raises:
            BadData: labels that cannot be learnt from.
            BadSpec: a parameter that the learner refuses; with the nearest name.
        """

    @abstractmethod
    def refit(self, rows: Rows, fitted: Fitted, *, aim: Aim) -> Fitted:
        """Return the model learnt anew from all of `rows`, as `fitted` was: the same parameters, as many steps."""

    def suggest(self, trial: Any, *, aim: Aim) -> dict[str, Value]:
        """Return parameters that are worth a trial, asked of Optuna's `trial`; nothing where there is nothing to search."""
        return {}

    def defaults(self, *, aim: Aim) -> Mapping[str, Value]:
        """Return the values of what `suggest` asks for where nothing is said: a search begins with them."""
        return {}

    def named(self, said: Mapping[str, Value], *, where: str) -> dict[str, Value]:
        """Return `said` under the learner's own names for its parameters, where it knows others for them.

        Raises:
            UnknownName: it knows no such parameter.
            BadSpec: one is said twice under two names.
        """
        return dict(said)
