"""Whether labels can be learnt from at all."""

import numpy as np

from shipworthy.errors import BadData
from shipworthy.records import Task
from shipworthy.training.fitted import Rows
from shipworthy.training.split import Mask


def require_learnable(rows: Rows, mask: Mask, task: Task, where: str) -> None:
    """Do nothing if the labels of the rows `mask` can be learnt from.

    Raises:
        BadData: one is null or not finite, a binary one is neither 0 nor 1, or all are alike; with the value. The codes of classes may
            have gaps.
    """
    target = rows.target[mask]
    missing = int((~np.isfinite(target)).sum())
    if missing:
        raise BadData(
            where=where,
            what=f"{missing} of {len(target)} labels are null or not finite",
            fix="leave such decisions out, or mend the label's SQL",
        )
    values = np.unique(target[:100_000]) if task == "regression" else np.unique(target)
    other = values[~np.isin(values, (0.0, 1.0))]
    if task == "binary" and len(other):
        raise BadData(
            where=where,
            what=f"a label is {other[0]:g}; a binary model learns from 0 and 1",
            fix="set task: regression, or mend the label's SQL",
        )
    if np.all(target == target[0]):
        raise BadData(
            where=where,
            what=f"all {len(target)} labels are {'of one class' if task == 'multiclass' else f'{target[0]:g}'}: there is nothing to learn",
            fix="look at the label's SQL and its horizon",
        )
