"""Rows are weighed until group and outcome are independent."""

from typing import ClassVar

import numpy as np

from shipworthy.training.mitigations.base import Decided, Mitigation, Numbers, People, Task, decisions, learner, probabilities


class Reweighing(Mitigation):
    """Each row counts as often as its group and outcome would come together if they had nothing to do with each other.

    Source:
        Kamiran and Calders (2012), Data preprocessing techniques for classification without discrimination, section 3.3.
    """

    title: ClassVar[str] = "reweighing"

    def decide(self, task: Task) -> Decided | None:
        """Return what the learner decides after it learnt from the weighed rows."""
        model = learner(task).fit(task.learn.matrix, task.learn.good, sample_weight=weights(task.learn))
        said = probabilities(model, task.asked.matrix)
        return Decided(decisions(task, said), said)


def weights(people: People) -> Numbers:
    """Return the weight of each row, shape (n,); over each group and outcome they add up to what independence would give.

    >>> people = People(np.zeros((4, 1)), np.array([1.0, 0, 0, 1]), np.array([0, 0, 0, 1]))
    >>> weights(people).round(2).tolist()
    [1.5, 0.75, 0.75, 0.5]
    """
    outcome = people.good.astype(np.int64)
    counts = np.zeros((int(people.groups.max()) + 1, 2))
    np.add.at(counts, (people.groups, outcome), 1)
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / counts.sum()
    found: Numbers = (expected / np.maximum(counts, 1))[people.groups, outcome]
    return found
