"""A linear model with its preprocessing inside it, which aims at the metric."""

import warnings
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.gateways import estimators
from shipworthy.training.fitted import Fitted, Numbers, Rows
from shipworthy.training.labels import require_learnable
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.parameters import Value
from shipworthy.training.pipeline import fitted_pipeline, weights
from shipworthy.training.split import Mask, Split

STEPS = 500
MORE_STEPS = 4000
DEFAULTS: Mapping[str, Value] = {"alpha": 1.0}


class Linear(Learner):
    """A sum over features: ridge regression for `mse`, least absolute deviations for `mae` and `pinball`, logistic for a binary task.

    For `pinball` the sum is moved up or down until the share of fitted labels below it is the quantile.

    Its one parameter, `alpha`, is how strongly coefficients are pulled to 0. A solver that has not come to its end after 500 steps gets
    4,000; one that then has not is told in the notes of the fit, and its model is taken as it is.

    Source:
        Hoerl and Kennard (1970), ridge regression; Schlossmacher (1973), absolute deviations by weighted least squares.
    """

    complexity: ClassVar[int] = 10

    def fit(self, rows: Rows, split: Split, *, aim: Aim, said: Mapping[str, Value]) -> Fitted:
        """Return the pipeline fitted to the rows `split.fit`; it takes no steps that a tail would have to choose."""
        return self._of(rows, split.fit, aim, _alpha(said, aim.where))

    def refit(self, rows: Rows, fitted: Fitted, *, aim: Aim) -> Fitted:
        """Return the pipeline fitted to all rows, pulled as strongly."""
        return self._of(rows, np.ones(len(rows.target), dtype=np.bool_), aim, _alpha(fitted.parameters, aim.where))

    def suggest(self, trial: Any, *, aim: Aim) -> dict[str, Value]:
        """Return a pull between a thousandth and a thousand, evenly on the scale of its logarithm."""
        return {"alpha": trial.suggest_float("alpha", 1e-3, 1e3, log=True)}

    def defaults(self, *, aim: Aim) -> Mapping[str, Value]:
        """Return a pull of 1."""
        return DEFAULTS

    def _of(self, rows: Rows, mask: Mask, aim: Aim, alpha: float) -> Fitted:
        require_learnable(rows, mask, aim.task, aim.where)
        frame, target = estimators.frame(rows.matrix[mask], rows.features, rows.levels), rows.target[mask]
        fitted, came_to_an_end = _converged(lambda steps: fitted_pipeline(frame, target, aim.metric, alpha, steps))
        if aim.quantile is not None and aim.metric == "pinball":
            fitted.named_steps["model"].intercept_ += np.quantile(target - fitted.predict(frame), aim.quantile)
        notes = () if came_to_an_end else (f"The linear model's solver had not come to its end after {MORE_STEPS:,} steps.",)
        content = estimators.written(fitted, where=f"{aim.where}, linear")
        answer = partial(answers, fitted, rows, aim=aim)
        return Fitted(self.name, "skops", content, answer, {"alpha": alpha}, importance=weights(fitted, frame), notes=notes)


def answers(fitted: Any, rows: Rows, matrix: Numbers, *, aim: Aim) -> Numbers:
    """Return what a fitted estimator says to `matrix`: values or probabilities as `aim` has it; `rows` say what its columns are."""
    return estimators.answers(fitted, estimators.frame(matrix, rows.features, rows.levels), aim.task, aim.classes)


def _converged(fit: Any) -> tuple[Pipeline, bool]:
    """Return the fit, with more steps where the first were not enough, and whether these were."""
    for steps in (STEPS, MORE_STEPS):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", ConvergenceWarning)
            fitted, ended = fit(steps)
        if ended and not told:
            return fitted, True
    return fitted, False


def _alpha(said: Mapping[str, Value], where: str) -> float:
    for name in said:
        if name not in DEFAULTS:
            raise UnknownName.of("parameter of the linear model", name, known=DEFAULTS, where=where)
    alpha = said.get("alpha", DEFAULTS["alpha"])
    if isinstance(alpha, bool) or not isinstance(alpha, float | int) or not 0 < alpha < np.inf:
        raise BadSpec(where=where, what=f"the parameter 'alpha' is {alpha!r}, not a number above 0", fix="write alpha: 1.0")
    return float(alpha)
