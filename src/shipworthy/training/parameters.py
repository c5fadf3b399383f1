"""The parameters of LightGBM that a spec may set, and what they are if it does not."""

from collections.abc import Mapping

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.records import Task
from shipworthy.spec.part import Metric

Value = float | int | str | bool

THREADS = 2
MOST_TREES = 1000
PATIENCE = 30  # trees without an improvement on the tail before the search ends

DEFAULTS: Mapping[str, Value] = {
    "num_iterations": MOST_TREES, "early_stopping_round": PATIENCE, "learning_rate": 0.08, "num_leaves": 31,
    "min_data_in_leaf": 20, "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1.0,
    "min_data_per_group": 100, "cat_smooth": 20.0, "max_bin": 255, "num_threads": THREADS,
}  # fmt: skip

OBJECTIVE: Mapping[Metric, str] = {
    "mae": "regression_l1",
    "mse": "regression",
    "log_loss": "binary",
    "brier": "binary",
    "pinball": "quantile",
}
CURVE: Mapping[Metric, str] = {"mae": "l1", "mse": "l2", "log_loss": "binary_logloss", "brier": "l2", "pinball": "quantile"}
OF_CLASSES, CURVE_OF_CLASSES = "multiclass", "multi_logloss"
TASKS_OF: Mapping[Metric, tuple[Task, ...]] = {
    "mae": ("regression",),
    "mse": ("regression",),
    "log_loss": ("binary", "multiclass"),
    "brier": ("binary", "multiclass"),
    "pinball": ("regression",),
}
OBJECTIVES: Mapping[Task, frozenset[str]] = {
    "regression": frozenset({"regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie"}),
    "binary": frozenset({"binary", "cross_entropy"}),
    "multiclass": frozenset({OF_CLASSES}),
}

KNOWN = frozenset(DEFAULTS) | {
    "objective", "max_depth", "min_sum_hessian_in_leaf", "lambda_l1", "linear_lambda", "min_gain_to_split", "max_cat_threshold",
    "cat_l2", "max_cat_to_onehot", "feature_fraction_bynode", "extra_trees", "path_smooth", "min_data_in_bin", "bin_construct_sample_cnt",
    "max_delta_step", "alpha", "fair_c", "poisson_max_delta_step", "tweedie_variance_power", "scale_pos_weight", "is_unbalance",
    "pos_bagging_fraction", "neg_bagging_fraction", "boost_from_average", "data_sample_strategy", "top_rate", "other_rate",
    "feature_pre_filter",
}  # fmt: skip

ALSO_CALLED: Mapping[str, str] = {
    "n_estimators": "num_iterations", "num_boost_round": "num_iterations", "early_stopping_rounds": "early_stopping_round",
    "eta": "learning_rate", "max_leaves": "num_leaves", "min_child_samples": "min_data_in_leaf",
    "min_child_weight": "min_sum_hessian_in_leaf",
    "subsample": "bagging_fraction", "bagging": "bagging_fraction", "subsample_freq": "bagging_freq",
    "colsample_bytree": "feature_fraction",
    "reg_alpha": "lambda_l1", "reg_lambda": "lambda_l2", "min_split_gain": "min_gain_to_split", "n_jobs": "num_threads",
}  # fmt: skip


def parameters(
    said: Mapping[str, Value], *, task: Task, metric: Metric, seed: int, where: str, quantile: float | None = None, classes: int = 0
) -> dict[str, Value]:
    """Return all parameters of a fit: the defaults, what was `said`, and what makes it repeatable.

    Names are LightGBM's; its other names for them (`n_estimators`, `subsample`) are understood. What would read a
    file, change the metric or undo the repeatability cannot be said.

    `quantile` is that of the metric pinball; what is said of alpha does not move it. `classes` is how many a multiclass task has.

    Raises:
        UnknownName: no such parameter; with the nearest.
        BadSpec: a parameter is said twice under two names, or the metric or objective is not one for the task.

    >>> chosen = parameters({"n_estimators": 50}, task="regression", metric="mae", seed=7, where="model.yml")
    >>> chosen["num_iterations"], chosen["objective"], chosen["deterministic"]
    (50, 'regression_l1', True)
    """
    if task not in TASKS_OF[metric]:
        fits = ", ".join(name for name, of in TASKS_OF.items() if task in of)
        raise BadSpec(
            where=where, what=f"the metric '{metric}' does not measure a {task} model", fix=f"set evaluation.metric to one of: {fits}"
        )
    chosen = {**DEFAULTS, "objective": objective(task, metric), **renamed(said, where)}
    if chosen["objective"] not in OBJECTIVES[task]:
        raise UnknownName.of(f"objective for a {task} model", str(chosen["objective"]), known=OBJECTIVES[task], where=where)
    curve = CURVE_OF_CLASSES if task == "multiclass" else CURVE[metric]
    fixed: dict[str, Value] = {"metric": curve, "seed": seed, "deterministic": True, "force_row_wise": True, "verbosity": -1}
    return {**chosen, **fixed, **({} if quantile is None else {"alpha": quantile}), **({"num_class": classes} if classes else {})}


def objective(task: Task, metric: Metric) -> str:
    """Return the objective of LightGBM that aims at a metric."""
    return OF_CLASSES if task == "multiclass" else OBJECTIVE[metric]


def renamed(said: Mapping[str, Value], where: str) -> dict[str, Value]:
    """Return `said` under LightGBM's main names.

    Raises:
        UnknownName: no such parameter; with the nearest.
        BadSpec: a parameter is said twice under two names.
    """
    own_names: dict[str, Value] = {}
    for name, value in said.items():
        own = ALSO_CALLED.get(name, name)
        if own not in KNOWN:
            raise UnknownName.of("LightGBM parameter", name, known=KNOWN | set(ALSO_CALLED), where=where)
        if own in own_names:
            raise BadSpec(where=where, what=f"the parameter '{own}' is said twice, once as '{name}'", fix="say it once")
        own_names[own] = value
    return own_names
