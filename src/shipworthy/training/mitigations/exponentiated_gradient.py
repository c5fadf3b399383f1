"""The learner is fitted again and again, against a price on what is not alike."""

import warnings
from typing import Any, ClassVar

import numpy as np
from fairlearn.reductions import DemographicParity, EqualizedOdds, ErrorRateParity, ExponentiatedGradient, TruePositiveRateParity

from shipworthy.training.mitigations.base import Decided, Mitigation, Numbers, Task, learner, probabilities

CONSTRAINTS = {
    "demographic_parity": DemographicParity, "approval_ratio": DemographicParity, "equal_opportunity": TruePositiveRateParity,
    "equalized_odds": EqualizedOdds, "group_error": ErrorRateParity,
}  # fmt: skip
ROUNDS = 15
SLACK = 0.01


class ByReduction(Mitigation):
    """A mixture of models, each learnt with costs that put a price on what is not alike; chance draws one of them for each decision.

    Its probability is the mean of theirs.

    Source:
        Agarwal et al. (2018), A reductions approach to fair classification, by Fairlearn's ExponentiatedGradient, 15 rounds.
    """

    title: ClassVar[str] = "exponentiated gradient"

    def decide(self, task: Task) -> Decided | None:
        """Return what the mixture decides."""
        constraint = CONSTRAINTS[task.policy](difference_bound=SLACK)
        found = ExponentiatedGradient(learner(task), constraint, max_iter=ROUNDS, nu=1e-6)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Fairlearn 0.15 fills a series of pandas in a way that pandas 4 ends
            found.fit(task.learn.matrix, task.learn.good.astype(int), sensitive_features=task.learn.groups)
        mixed = [(weight, model) for weight, model in zip(found.weights_, found.predictors_, strict=True) if weight > 0]
        good = sum(weight * _said(model, task, probability=False) for weight, model in mixed)
        said = sum(weight * _said(model, task, probability=True) for weight, model in mixed)
        return Decided(np.clip(good, 0, 1), np.clip(said, 0, 1))  # weights add up to 1 but for a last bit


def _said(model: Any, task: Task, *, probability: bool) -> Numbers:
    """Return a model's probabilities, or its decisions; a model that always decides alike has no other probability."""
    if probability and hasattr(model, "predict_proba"):
        return probabilities(model, task.asked.matrix)
    said: Numbers = np.asarray(model.predict(task.asked.matrix), dtype=np.float64)
    return said
