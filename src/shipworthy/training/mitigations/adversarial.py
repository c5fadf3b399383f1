"""An opponent tries to read the group off the answers, and the model learns to give nothing away."""

from typing import ClassVar

from shipworthy.training.mitigations.base import Decided, Mitigation, Task, decisions
from shipworthy.training.opponent import learnt

PRICE = 1.0


class Adversarial(Mitigation):
    """A linear model that learns against an opponent.

    No trees, since these have no gradient to turn around; and not Fairlearn's own, which needs PyTorch or TensorFlow.

    Source:
        Zhang, Lemoine and Mitchell (2018), Mitigating unwanted biases with adversarial learning.
    """

    title: ClassVar[str] = "adversarial, with a linear model"

    def decide(self, task: Task) -> Decided | None:
        """Return what the linear model decides; None for a policy about errors, which no answer gives away."""
        if task.policy == "group_error":
            return None
        said = learnt(task, price=PRICE)
        return Decided(decisions(task, said), said)
