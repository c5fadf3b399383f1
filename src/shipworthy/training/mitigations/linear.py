"""A plain linear model: what the adversarial one is to be compared with."""

from typing import ClassVar

from shipworthy.training.mitigations.base import Decided, Mitigation, Task, decisions
from shipworthy.training.opponent import learnt


class Linear(Mitigation):
    """The linear model of the adversarial mitigation, without its opponent: what being linear alone costs."""

    title: ClassVar[str] = "nothing, with a linear model"

    def decide(self, task: Task) -> Decided | None:
        """Return what the linear model decides."""
        said = learnt(task, price=0.0)
        return Decided(decisions(task, said), said)
