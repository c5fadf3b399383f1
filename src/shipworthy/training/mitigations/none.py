"""Nothing is done: what the others are compared with."""

from typing import ClassVar

from shipworthy.training.mitigations.base import Decided, Mitigation, Task, decisions, learner, probabilities


class Nothing(Mitigation):
    """The plain learner."""

    title: ClassVar[str] = "nothing"

    def decide(self, task: Task) -> Decided | None:
        """Return what the plain learner decides."""
        said = probabilities(learner(task).fit(task.learn.matrix, task.learn.good), task.asked.matrix)
        return Decided(decisions(task, said), said)
