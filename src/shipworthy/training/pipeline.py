"""The pipeline of the linear model: what is done to raw features, and the model that aims at the metric, in one estimator.

Everything that is learnt from data, be it a median, a scale, a level or a coefficient, is learnt inside it, from the rows it is fitted to.
"""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, QuantileTransformer, StandardScaler

from shipworthy.spec.part import Metric
from shipworthy.training.absolute import least_absolute
from shipworthy.training.fitted import Numbers

NUMBERS, TAILED, CATEGORIES = "numbers", "heavy_tailed", "categories"
HEAVY = 100.0
MOST_QUANTILES = 1000


def fitted_pipeline(frame: pd.DataFrame, target: Numbers, metric: Metric, alpha: float, steps: int) -> tuple[Pipeline, bool]:
    """Return the pipeline fitted to the rows of `frame`, and whether a solver that says so itself came to its end.

    Args:
        frame: the rows to learn from: columns of objects are categories, all others numbers.
        target: shape (n,).
        metric: what it aims at: least squares for `mse`, least absolute deviations for `mae` and `pinball`, likelihood for others.
        alpha: how strongly coefficients are pulled to 0, above 0.
        steps: how many steps the solver may take.
    """
    prepare = preparation(frame)
    if metric in ("mae", "pinball"):
        model, ended = least_absolute(prepare.fit_transform(frame), target, alpha, steps)
        return Pipeline([("prepare", prepare), ("model", model)]), ended
    model = Ridge(alpha=alpha, solver="lsqr", max_iter=steps) if metric == "mse" else LogisticRegression(C=1 / alpha, max_iter=steps)
    return Pipeline([("prepare", prepare), ("model", model)]).fit(frame, target), True


def preparation(frame: pd.DataFrame) -> ColumnTransformer:
    """Return what is done to the columns of `frame` before the model, not fitted yet.

    A missing number becomes the median, with a column that says so; numbers are kept within what the fit has seen, and scaled. A
    number with a heavy tail is replaced by the normal quantile of its rank: one bill of a billion would outweigh all else.
    A category becomes a column for each level; a level that the fit has not seen is none of them.
    """
    categories = [name for name in frame.columns if frame[name].dtype == object]
    tailed = [name for name in frame.columns if name not in categories and heavy_tailed(frame[name].to_numpy())]
    plain = [name for name in frame.columns if name not in categories and name not in tailed]
    quantiles = QuantileTransformer(n_quantiles=min(MOST_QUANTILES, len(frame)), output_distribution="normal", random_state=0)
    return ColumnTransformer(
        [
            (NUMBERS, _numbers(("clip", MinMaxScaler(clip=True))), plain),
            (TAILED, _numbers(("rank", quantiles)), tailed),
            (CATEGORIES, OneHotEncoder(handle_unknown="ignore"), categories),
        ]
    )


def _numbers(step: tuple[str, object]) -> Pipeline:
    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return Pipeline([("impute", imputer), step, ("scale", StandardScaler())])


def heavy_tailed(values: Numbers) -> bool:
    """Return whether the farthest of `values` lies 100 times as far from the median as most do; NaN is left out.

    Most are the inner nine tenths; where these are all alike, the standard deviation stands for them.

    >>> heavy_tailed(np.arange(1000.0)), heavy_tailed(np.append(np.arange(1000.0), 1e9))
    (False, True)
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return False
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
    spread = (high - low) / 2 or float(known.std())
    return bool(spread > 0 and np.abs(known - middle).max() > HEAVY * spread)


def sources(fitted: Pipeline) -> list[str]:
    """Return the feature that each column of the prepared matrix comes from, in their order."""
    found: list[str] = []
    for part, step, columns in fitted.named_steps["prepare"].transformers_:
        if not len(columns):
            continue
        if part == CATEGORIES:
            found += [name for name, levels in zip(columns, step.categories_, strict=True) for _ in levels]
        else:
            missing = step.named_steps["impute"].indicator_.features_
            found += [*columns, *(columns[place] for place in missing)]
    return found


def weights(fitted: Pipeline, frame: pd.DataFrame) -> dict[str, float]:
    """Return, for each feature, the sum of its standardized coefficients without their signs, those of all classes, as spread in `frame`.

    >>> frame = pd.DataFrame({"a": np.arange(40.0), "b": np.zeros(40)})
    >>> found = weights(fitted_pipeline(frame, 3 * np.arange(40.0), "mse", 1e-6, 1000)[0], frame)
    >>> round(found["a"], 2) == round(3 * float(np.arange(40.0).std()), 2), found["b"]
    (True, 0.0)
    """
    matrix = fitted.named_steps["prepare"].transform(frame)
    mean = np.asarray(matrix.mean(axis=0)).ravel()
    square = np.asarray(matrix.multiply(matrix).mean(axis=0) if hasattr(matrix, "multiply") else (matrix**2).mean(axis=0)).ravel()
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    sizes = np.abs(np.atleast_2d(fitted.named_steps["model"].coef_)).sum(axis=0) * spread
    found = dict.fromkeys(map(str, frame.columns), 0.0)
    for name, size in zip(sources(fitted), sizes, strict=True):
        found[name] += float(size)
    return found
