"""A quick model for screens and comparisons: few small trees, nothing tuned, the same for the same rows."""

from collections.abc import Mapping

import lightgbm
import numpy as np

from shipworthy.records import Task
from shipworthy.training.classes import counted
from shipworthy.training.fitted import Numbers, Rows, always
from shipworthy.training.learners.lightgbm import names_in_text
from shipworthy.training.parameters import OF_CLASSES, THREADS, Value
from shipworthy.training.split import Mask

TREES = 60
NOTHING_MORE: Mapping[str, Value] = {}
OBJECTIVES = {"binary": "binary", "regression": "regression_l1", "multiclass": OF_CLASSES}


def quick_answers(
    rows: Rows, fit: Mask, asked: Mask, *, task: Task, seed: int, more: Mapping[str, Value] = NOTHING_MORE, classes: int = 0
) -> Numbers:
    """Return the answers of a quick model that learnt from the rows `fit`, for the rows `asked`, in their order.

    Where all labels to learn from are alike it answers with them: there is nothing to learn.

    Args:
        rows: shape (n, k).
        fit: shape (n,), at least one row.
        asked: shape (n,).
        task: values are answered for a regression, probabilities of 1 for a binary task, those of each class for a multiclass one.
        seed: of everything random.
        more: parameters of LightGBM in place of the usual ones, such as the objective of a metric.
        classes: how many a multiclass task has.
    """
    target = rows.target[fit]
    if np.all(target == target[0]):
        return always(counted(target, classes) if classes else float(target[0]), rows.matrix[asked])
    parameters = {
        "objective": OBJECTIVES[task], "num_leaves": 15, "learning_rate": 0.1, "min_data_in_leaf": 20, "verbosity": -1,
        "num_threads": THREADS, "seed": seed, "deterministic": True, "force_col_wise": True,
        **({"num_class": classes} if classes else {}), **more,
    }  # fmt: skip
    known = lightgbm.Dataset(
        rows.matrix[fit],
        target,
        feature_name=names_in_text(rows.features),
        categorical_feature=list(rows.categorical),
        params=parameters,
    )
    return np.asarray(lightgbm.train(parameters, known, num_boost_round=TREES).predict(rows.matrix[asked], num_threads=THREADS), np.float64)
