"""The same answer to every row: what knowing nothing is worth."""

import json
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np

from shipworthy.errors import UnknownName
from shipworthy.training.classes import counted
from shipworthy.training.fitted import Fitted, Numbers, Rows, always
from shipworthy.training.labels import require_learnable
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.parameters import Value
from shipworthy.training.split import Mask, Split


class Constant(Learner):
    """The median of the labels for `mae`, their quantile for `pinball`, their mean for `mse`, the share of each outcome for outcomes.

    What no feature improves upon needs no model; and whoever does not beat this has learnt nothing.
    """

    complexity: ClassVar[int] = 0

    def fit(self, rows: Rows, split: Split, *, aim: Aim, said: Mapping[str, Value]) -> Fitted:
        """Return the constant of the rows `split.fit`."""
        for name in said:
            raise UnknownName.of("parameter of the constant", name, known=(), where=aim.where)
        return self._of(rows, split.fit, aim)

    def refit(self, rows: Rows, fitted: Fitted, *, aim: Aim) -> Fitted:
        """Return the constant of all rows."""
        return self._of(rows, np.ones(len(rows.target), dtype=np.bool_), aim)

    def _of(self, rows: Rows, mask: Mask, aim: Aim) -> Fitted:
        require_learnable(rows, mask, aim.task, aim.where)
        target = rows.target[mask]
        if aim.classes:
            return self._fitted(counted(target, aim.classes))
        share = {"mae": 0.5, "pinball": aim.quantile}.get(aim.metric)
        return self._fitted(np.asarray(target.mean() if share is None else np.quantile(target, share)))

    def _fitted(self, value: Numbers) -> Fitted:
        said = [float(one).hex() for one in value] if value.ndim else float(value).hex()
        return Fitted(self.name, "constant", json.dumps({"value": said}).encode(), partial(always, value), {})
