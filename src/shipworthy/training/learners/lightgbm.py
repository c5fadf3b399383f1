"""LightGBM: the number of trees from a tail of the fitted rows, then all of them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import lightgbm
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadSpec
from shipworthy.training.fitted import Fitted, Rows
from shipworthy.training.labels import require_learnable
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.parameters import DEFAULTS, THREADS, Value, parameters, renamed
from shipworthy.training.split import Mask, Split

Numbers = npt.NDArray[np.float64]
ON_LEARN, ON_TAIL = "learn", "tail"
FREE = frozenset({"regression_l1", "quantile", "mape"})  # objectives that set leaves anew, and cannot be held to a direction
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('",:[]{} \t\n', "_"))


class LightGBM(Learner):
    """Boosted trees, with categories and missing values as they are.

    First a search: learn from `split.learn`, look at `split.tail` after each tree, stop when it no longer gets better. Then a
    new fit of as many trees to all of `split.fit`, whose last weeks are the ones most like what comes. The
    same rows, parameters and seed give the same text.

    Numbers that the aim calls monotone are followed that way by construction, but for objectives whose leaves are set anew after a tree has
    grown (absolute errors, quantiles): LightGBM refuses these, and the notes of the fit say so.

    Source:
        Ke et al. (2017), LightGBM: a highly efficient gradient boosting decision tree. Monotone: its method "basic", which bounds both
        sides of each split by their middle.
    """

    complexity: ClassVar[int] = 30
    random: ClassVar[bool] = True
    natural_ends: ClassVar[frozenset[str]] = frozenset({"feature_fraction"})

    def fit(self, rows: Rows, split: Split, *, aim: Aim, said: Mapping[str, Value]) -> Fitted:
        """Return the model fitted to the rows `split.fit`, with as many trees as the tail chose."""
        chosen = parameters(
            said, task=aim.task, metric=aim.metric, seed=aim.seed, where=aim.where, quantile=aim.quantile, classes=aim.classes
        )
        require_learnable(rows, split.fit, aim.task, aim.where)
        held, notes = _held(rows, aim, str(chosen["objective"]))
        chosen |= held
        most = _whole(chosen.pop("num_iterations"), "num_iterations", aim.where)
        patience = _whole(chosen.pop("early_stopping_round"), "early_stopping_round", aim.where)
        try:
            trees, curves = _searched(rows, split, chosen, most, patience)
            return _fitted(self.name, rows, split.fit, {**chosen, "num_iterations": trees}, curves, notes)
        except lightgbm.basic.LightGBMError as error:
            raise BadSpec(where=aim.where, what=f"LightGBM refuses: {error}", fix="mend training.parameters") from None

    def refit(self, rows: Rows, fitted: Fitted, *, aim: Aim) -> Fitted:
        """Return the model learnt anew from all of `rows`: the same parameters, as many trees.

        What is deployed learns from the holdout too, once it has been judged on it; nothing judges this model again
        before it answers, so nothing is chosen here.
        """
        everything = np.ones(len(rows.target), dtype=np.bool_)
        return _fitted(self.name, rows, everything, fitted.parameters, fitted.curves, fitted.notes)

    def suggest(self, trial: Any, *, aim: Aim) -> dict[str, Value]:
        """Return how large trees are, how fast they learn, and how strongly they are held back; their number is the tail's choice."""
        return {
            "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.3, log=True),
            "num_leaves": trial.suggest_int("num_leaves", 4, 255, log=True),
            "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 5, 500, log=True),
            "feature_fraction": trial.suggest_float("feature_fraction", 0.4, 1.0),
            "lambda_l2": trial.suggest_float("lambda_l2", 0.01, 100.0, log=True),
        }

    def defaults(self, *, aim: Aim) -> Mapping[str, Value]:
        """Return the defaults of all parameters."""
        return DEFAULTS

    def named(self, said: Mapping[str, Value], *, where: str) -> dict[str, Value]:
        """Return `said` under LightGBM's main names: `num_iterations` for `n_estimators`."""
        return renamed(said, where)


def _held(rows: Rows, aim: Aim, objective: str) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the parameter that holds trees to what is monotone, empty where nothing is, and what of it cannot be held."""
    ways = [0 if place in set(rows.categorical) else aim.monotone.get(name, 0) for place, name in enumerate(rows.features)]
    if not any(ways) or aim.task == "multiclass":  # of several classes none is the one that a feature drives
        return {}, ()
    if objective in FREE:
        names = ", ".join(name for name, way in zip(rows.features, ways, strict=True) if way)
        return {}, (f"LightGBM cannot hold the objective {objective} to what is declared monotone ({names}): behaviours try it.",)
    return {"monotone_constraints": ",".join(map(str, ways))}, ()


def _fitted(
    learner: str, rows: Rows, mask: Mask, all_: Mapping[str, Value], curves: Mapping[str, Sequence[float]], notes: Sequence[str]
) -> Fitted:  # fmt: skip
    """Return the model of exactly so many trees as the parameters say."""
    trees = int(all_["num_iterations"])
    chosen = {name: value for name, value in all_.items() if name != "num_iterations"}
    booster = lightgbm.train(dict(chosen), _dataset(rows, mask, chosen), num_boost_round=trees)
    text = str(booster.model_to_string())
    gains = booster.feature_importance(importance_type="gain")
    importance = {name: float(gain) for name, gain in zip(rows.features, gains, strict=True)}
    return Fitted(learner, "lightgbm", text.encode(), partial(predict, text), dict(all_), trees, curves, importance, notes)


def predict(text: str, matrix: Numbers) -> Numbers:
    """Return the answers of the model `text` for `matrix`, shape (n,): values, or probabilities of 1; of each class, shape (n, c)."""
    booster = lightgbm.Booster(model_str=text)
    answers, classes = booster.predict(matrix, num_threads=THREADS), booster.num_model_per_iteration()
    return np.asarray(answers, dtype=np.float64).reshape(len(matrix), *([classes] if classes > 1 else []))


def _searched(rows: Rows, split: Split, chosen: Mapping[str, Value], most: int, patience: int) -> tuple[int, dict[str, list[float]]]:
    """Return the number of trees and the curves of the search."""
    learn = _dataset(rows, split.learn, chosen)
    tail = _dataset(rows, split.tail, chosen, reference=learn)
    followed: dict[str, dict[str, list[float]]] = {}
    callbacks = [lightgbm.record_evaluation(followed)]
    if patience > 0:
        callbacks.append(lightgbm.early_stopping(patience, first_metric_only=False, verbose=False))
    lightgbm.train(
        dict(chosen), learn, num_boost_round=most, valid_sets=[tail, learn], valid_names=[ON_TAIL, ON_LEARN], callbacks=callbacks
    )
    curves = {name: list(next(iter(followed[name].values()))) for name in (ON_LEARN, ON_TAIL)}
    return int(np.argmin(curves[ON_TAIL])) + 1, curves


def _dataset(rows: Rows, mask: Mask, chosen: Mapping[str, Value], reference: lightgbm.Dataset | None = None) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        rows.matrix[mask],
        label=rows.target[mask],
        feature_name=names_in_text(rows.features),
        categorical_feature=list(rows.categorical),
        reference=reference,
        params=dict(chosen),
    )


def names_in_text(features: Sequence[str]) -> list[str]:
    """Return names that LightGBM's text format can hold: it knows no quotes, brackets, commas, colons and blanks."""
    plain = [name.translate(_NOT_IN_NAMES) for name in features]
    return plain if len(set(plain)) == len(plain) else [f"{name}_{position}" for position, name in enumerate(plain)]


def _whole(value: Value, name: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0 or (name == "num_iterations" and value == 0):
        raise BadSpec(where=where, what=f"the parameter '{name}' is {value!r}, not a whole number above 0", fix=f"write {name}: 200")
    return value
