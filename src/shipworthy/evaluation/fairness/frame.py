"""The figures of each group as Fairlearn has them."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from fairlearn.metrics import MetricFrame, false_positive_rate, mean_prediction, selection_rate, true_positive_rate
from sklearn.metrics import accuracy_score, mean_absolute_error

from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.outcomes import APPROVED, DESERVING, ERROR, RIGHT, UNDESERVING
from shipworthy.records import Task

Numbers = npt.NDArray[np.float64]
OF_DECISIONS = {APPROVED: selection_rate, DESERVING: true_positive_rate, UNDESERVING: false_positive_rate, RIGHT: accuracy_score}
OF_NUMBERS = {ERROR: mean_absolute_error, "mean answer": mean_prediction}


def disparities(task: Task, decided: Numbers, true: Numbers, groups: Groups) -> Mapping[str, Mapping[str, float]]:
    """Return of each metric the `difference` of the groups farthest apart and the `ratio` of the lowest to the highest.

    Args:
        task: binary, or regression.
        decided: shape (n,), decisions of 0 and 1 of which 1 is good for the person; the answers of a regression.
        true: shape (n,), what came true.
        groups: of the n rows, at least one group.

    Source:
        Fairlearn's MetricFrame: Bird et al. (2020), Weerts et al. (2023); each group's rates are shown beside, with their intervals.
    """
    metrics = OF_DECISIONS if task == "binary" else OF_NUMBERS
    frame = MetricFrame(metrics=metrics, y_true=true, y_pred=decided, sensitive_features=groups.labels)
    apart, by = frame.difference(method="between_groups"), frame.ratio(method="between_groups")
    return {name: {"difference": float(apart[name]), "ratio": float(by[name])} for name in metrics}
