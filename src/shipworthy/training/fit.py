"""Fits LightGBM to a training set: the number of trees from a tail of the fitted rows, then all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt

from shipworthy.errors import BadData, BadSpec
from shipworthy.records import Task
from shipworthy.spec.model import Metric
from shipworthy.training.parameters import THREADS, Value, parameters
from shipworthy.training.split import Mask, Split

Numbers = npt.NDArray[np.float64]
ON_LEARN, ON_TAIL = "learn", "tail"
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('",:[]{} \t\n', "_"))


@dataclass(frozen=True, slots=True)
class Rows:
    """What a model can learn from: n rows of k features.

    `matrix` has shape (n, k); NaN is a missing value; a column in `categorical` (positions) holds the codes of its levels,
    from 0. `target` has shape (n,) and no NaN; for a binary task it is 0 or 1.
    """

    matrix: Numbers
    target: Numbers
    features: Sequence[str]
    categorical: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model as LightGBM's own text, and how it came about.

    `curves` has the metric after each tree of the search, on the rows it learnt from ("learn") and on the tail
    ("tail"); `iterations` is where the tail was lowest; `importance` is the gain of each feature, all features named.
    """

    text: str
    iterations: int
    curves: Mapping[str, Sequence[float]]
    importance: Mapping[str, float]
    parameters: Mapping[str, Value]


def fit(
    rows: Rows, split: Split, *, task: Task, metric: Metric, said: Mapping[str, Value] | None = None, seed: int = 7, where: str = "training"
) -> Fitted:
    """Return the model fitted to `split.fit`; the holdout and the gap are not looked at.

    First a search: learn from `split.learn`, look at `split.tail` after each tree, stop when it no longer gets better. Then a
    new fit of as many trees to all of `split.fit`, whose last weeks are the ones most like what comes. The
    same rows, parameters and seed give the same text.

    Args:
        rows: shape (n, k), the rows of the masks in `split`.
        split: which of them to learn from.
        task: regression or binary.
        metric: what the objective and the curves follow.
        said: LightGBM parameters that replace the defaults; `training.parameters` in a spec.
        seed: seed of bagging and of the choice of features.
        where: what a refusal names.

    Raises:
        BadData: a target is missing, not 0 or 1 in a binary task, or the same for all fitted rows.
        UnknownName: no such parameter; with the nearest.
        BadSpec: LightGBM refuses a value, or the metric does not fit the task.
    """
    chosen = parameters(said or {}, task=task, metric=metric, seed=seed, where=where)
    _refuse_unfit(rows, split.fit, task, where)
    most = _whole(chosen.pop("num_iterations"), "num_iterations", where)
    patience = _whole(chosen.pop("early_stopping_round"), "early_stopping_round", where)
    try:
        search, curves = _searched(rows, split, chosen, most, patience)
        final = lightgbm.train(chosen, _dataset(rows, split.fit, chosen), num_boost_round=search)
    except lightgbm.basic.LightGBMError as error:
        raise BadSpec(where=where, what=f"LightGBM refuses: {error}", fix="mend training.parameters") from None
    gains = final.feature_importance(importance_type="gain")
    importance = {name: float(gain) for name, gain in zip(rows.features, gains, strict=True)}
    return Fitted(final.model_to_string(), search, curves, importance, {**chosen, "num_iterations": search})


def refit(rows: Rows, fitted: Fitted) -> str:
    """Return, as text, the model of `fitted` learnt anew from all of `rows`: the same parameters, as many trees.

    What is deployed learns from the holdout too, once it has been judged on it; nothing judges this model again
    before it answers, so nothing is chosen here.
    """
    chosen = {name: value for name, value in fitted.parameters.items() if name != "num_iterations"}
    everything = np.ones(len(rows.target), dtype=np.bool_)
    model = lightgbm.train(dict(chosen), _dataset(rows, everything, chosen), num_boost_round=fitted.iterations)
    return str(model.model_to_string())


def predict(text: str, matrix: Numbers) -> Numbers:
    """Return the answers of the model `text` for `matrix`, shape (n,): values, or probabilities of 1 in a binary task."""
    answers = lightgbm.Booster(model_str=text).predict(matrix, num_threads=THREADS)
    return np.asarray(answers, dtype=np.float64)


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


def _refuse_unfit(rows: Rows, mask: Mask, task: Task, where: str) -> None:
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
            what=f"all {len(target)} labels are {target[0]:g}: there is nothing to learn",
            fix="look at the label's SQL and its horizon",
        )


def _whole(value: Value, name: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0 or (name == "num_iterations" and value == 0):
        raise BadSpec(where=where, what=f"the parameter '{name}' is {value!r}, not a whole number above 0", fix=f"write {name}: 200")
    return value
