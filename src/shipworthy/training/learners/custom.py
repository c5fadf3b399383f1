"""A team's own estimator, from `ml/MODEL/train.py`."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np

from shipworthy.errors import BadSpec
from shipworthy.gateways import estimators
from shipworthy.training.fitted import Fitted, Rows
from shipworthy.training.labels import require_learnable
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.learners.linear import answers
from shipworthy.training.own_code import estimator_of, space_of
from shipworthy.training.parameters import Value
from shipworthy.training.split import Mask, Split


class Custom(Learner):
    """Whatever `estimator(parameters)` returns: any estimator of scikit-learn, or of another library that speaks as they do.

    It is fitted to a data frame with a column for each feature: numbers are floats, NaN where missing; categories are text, None
    where missing or too rare. What prepares them belongs into the estimator, a pipeline: then nothing of other rows can reach it. Whatever
    in it has a `random_state` that was left open gets the seed. It is kept in the format of skops, so its types must be known or trusted.
    """

    complexity: ClassVar[int] = 40
    random: ClassVar[bool] = True

    def fit(self, rows: Rows, split: Split, *, aim: Aim, said: Mapping[str, Value]) -> Fitted:
        """Return the estimator fitted to the rows `split.fit`."""
        return self._fitted(rows, split.fit, aim, said)

    def refit(self, rows: Rows, fitted: Fitted, *, aim: Aim) -> Fitted:
        """Return the estimator fitted anew to all of `rows`."""
        return self._fitted(rows, np.ones(len(rows.target), dtype=np.bool_), aim, fitted.parameters)

    def suggest(self, trial: Any, *, aim: Aim) -> dict[str, Value]:
        """Return what `space(trial)` of train.py says; nothing where it has no such function."""
        return space_of(aim.code, trial) if aim.code else {}

    def _fitted(self, rows: Rows, mask: Mask, aim: Aim, said: Mapping[str, Value]) -> Fitted:
        if aim.code is None:
            raise BadSpec(where=aim.where, what="there is no train.py beside model.yml", fix="write estimator(parameters) into it")
        require_learnable(rows, mask, aim.task, aim.where)
        estimator = _seeded(estimator_of(aim.code, dict(said)), aim.seed)
        table = estimators.frame(rows.matrix[mask], rows.features, rows.levels)
        try:
            estimator.fit(table, rows.target[mask])
        except Exception as error:
            what = f"the estimator does not fit: {type(error).__name__}: {error}"[:300]
            raise BadSpec(where=str(aim.code), what=what, fix="let the pipeline take missing numbers and texts") from error
        content = estimators.written(estimator, where=str(aim.code))
        estimators.refuse_strange(content, trust=aim.trust, where=str(aim.code))
        return Fitted(self.name, "skops", content, partial(answers, estimator, rows, aim=aim), dict(said))


def _seeded(estimator: Any, seed: int) -> Any:
    """Return `estimator` with `seed` in each `random_state` that was left open."""
    held = estimator.get_params() if hasattr(estimator, "get_params") else {}
    open_ = {name: seed for name, value in held.items() if name.split("__")[-1] == "random_state" and value is None}
    return estimator.set_params(**open_) if open_ else estimator
