"""Each group gets a threshold of its own."""

from typing import Any, ClassVar

import numpy as np
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator, ClassifierMixin

from shipworthy.training.mitigations.base import Decided, Mitigation, Numbers, Task, learner, probabilities

CONSTRAINTS = {
    "demographic_parity": "demographic_parity", "approval_ratio": "demographic_parity",
    "equal_opportunity": "true_positive_rate_parity", "equalized_odds": "equalized_odds",
}  # fmt: skip
FOLDS = 3
DRAWS = 30  # of decisions that hang on chance: their mean is taken


class Thresholds(Mitigation):
    """The answers stay as they are; from which on a decision is good differs by group, partly by chance.

    Source:
        Hardt, Price and Srebro (2016), by Fairlearn's ThresholdOptimizer. The thresholds are chosen on answers out of fold.
    """

    title: ClassVar[str] = "a threshold for each group"
    needs_group: ClassVar[bool] = True

    def decide(self, task: Task) -> Decided | None:
        """Return what the thresholds decide; None for a policy about errors, of which they know nothing."""
        constraint = CONSTRAINTS.get(task.policy)
        if constraint is None:
            return None
        model = learner(task).fit(task.learn.matrix, task.learn.good)
        said = probabilities(model, task.asked.matrix)
        chosen = ThresholdOptimizer(
            estimator=_Given().fit(said, said),
            constraints=constraint,
            objective="accuracy_score",
            prefit=True,
            predict_method="predict_proba",
        ).fit(_out_of_fold(task)[:, None], task.learn.good.astype(int), sensitive_features=task.learn.groups)
        drawn = [chosen.predict(said[:, None], sensitive_features=task.asked.groups, random_state=draw) for draw in range(DRAWS)]
        return Decided(np.mean(drawn, axis=0).astype(np.float64), said)


class _Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """An estimator whose only input is its answer."""

    classes_ = np.array([0, 1])

    def fit(self, given: Numbers, _good: Numbers) -> "_Given":
        self.given_ = True
        return self

    def predict_proba(self, given: Any) -> Numbers:
        return np.column_stack([1 - np.asarray(given)[:, 0], np.asarray(given)[:, 0]])


def _out_of_fold(task: Task) -> Numbers:
    """Return what models say to people whom they did not learn from: thresholds chosen on learnt answers would be too sure."""
    fold = np.random.default_rng(task.seed).permutation(len(task.learn.good)) % FOLDS
    said = np.empty(len(fold))
    for one in range(FOLDS):
        model = learner(task).fit(task.learn.matrix[fold != one], task.learn.good[fold != one])
        said[fold == one] = probabilities(model, task.learn.matrix[fold == one])
    return said
