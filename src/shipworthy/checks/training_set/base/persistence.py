"""How well the label before tells the label: what a feature that carries the past on may honestly tell."""

import numpy as np

from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.checks.training_set.base.power import binned, folds, power_of
from shipworthy.checks.training_set.base.values import codes_of


def persistence(frame: Frame) -> float | None:
    """Return the power of the label of the entity's decision before, of the decision before where entities do not come again.

    None with too few rows. Whether it was known in time is not asked: it is an upper end of what the past can tell.
    """
    return frame.once("persistence", lambda: _persistence(frame))


def _persistence(frame: Frame) -> float | None:
    entity = codes_of(frame.rows.column("entity"))
    again = len(np.unique(entity)) < len(entity) / 2
    order = np.argsort(entity, kind="stable") if again else np.arange(len(entity))
    label = frame.label[order]
    same = entity[order][1:] == entity[order][:-1] if again else np.ones(max(len(entity) - 1, 0), dtype=np.bool_)
    now, before = label[1:][same][-20_000:], label[:-1][same][-20_000:]
    return power_of(frame.task, now, binned(before), folds(len(now), frame.seed))
