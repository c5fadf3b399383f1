"""The model that a training keeps, beside what somebody writes by hand in ten lines, on the same rows.

    SHIPWORTHY_SHARED=../shared python benchmarks/by_hand.py [TRIALS] [SET ...]

By hand: LightGBM as it comes with early stopping on the same tail, and a pipeline of scikit-learn (median, scaling, one-hot; Ridge or
logistic regression), each fitted to the rows before the holdout. Ours: candidates, search and choice as a spec without a word of
`training` has them, but for the number of trials. Both are judged on the holdout, by the metric that the set would have by default. The
interval is that of ours minus the better one by hand, row by row. CPU seconds count all threads: of ours, and of both by hand.
"""

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import lightgbm
import numpy as np
import pyarrow as pa
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.real_data import sets
from tests.real_data.looked import without
from tests.real_data.test_candidates import told

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import losses
from shipworthy.flows.choosing import choose
from shipworthy.flows.fitting import fitted_on
from shipworthy.flows.material import Material, rows_of, schema_of
from shipworthy.gateways import estimators
from shipworthy.registry.encoding import encode
from shipworthy.training.fitted import Numbers, Rows

KNOWN_TOO_LATE = {"bike_sharing": ("casual", "registered"), "bank_marketing": ("duration",)}
NAMES = (
    "german_credit", "telco_churn", "restaurant_deliveries", "noaa_weather", "taiwan_credit", "bank_marketing", "bike_sharing",
    "california_scores", "beijing_pm25", "adult",
)  # fmt: skip


def trees(rows: Rows, material: Material) -> Numbers:
    """Return what LightGBM as it comes says to the holdout."""
    split, kind = material.split, "binary" if material.task == "binary" else "regression_l1" if material.metric == "mae" else "regression"
    data = {
        name: lightgbm.Dataset(rows.matrix[mask], rows.target[mask], categorical_feature=list(rows.categorical))
        for name, mask in (("learn", split.learn), ("tail", split.tail))
    }
    stop = [lightgbm.early_stopping(30, verbose=False)]
    given = {"objective": kind, "verbosity": -1, "num_threads": 2, "seed": 7}
    booster = lightgbm.train(given, data["learn"], 1000, valid_sets=[data["tail"]], callbacks=stop)
    whole = lightgbm.Dataset(rows.matrix[split.fit], rows.target[split.fit], categorical_feature=list(rows.categorical))
    return np.asarray(lightgbm.train(given, whole, booster.best_iteration).predict(rows.matrix[split.holdout]))


def line(rows: Rows, material: Material) -> Numbers:
    """Return what a linear pipeline says to the holdout."""
    table, split = estimators.frame(rows.matrix, rows.features, rows.levels), material.split
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
    )
    last = LogisticRegression(max_iter=2000) if material.task == "binary" else Ridge()
    fitted = make_pipeline(prepare, last).fit(table[split.fit], rows.target[split.fit])
    return estimators.answers(fitted, table[split.holdout], binary=material.task == "binary")


def timed(work: Callable[[], Numbers]) -> tuple[Numbers, float]:
    """Return what `work` returns, and the CPU seconds that it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def compared(name: str, trials: int) -> None:
    """Print one set."""
    spec, catalog, material = told(without(getattr(sets, name)(), *KNOWN_TOO_LATE.get(name, ())), training={"search": {"trials": trials}})
    held, kept = material.split.holdout, []

    def ours() -> Numbers:
        chosen = choose(spec, catalog, material)
        kept.append(chosen.learner)
        fitted, schema = fitted_on(spec, catalog, material, chosen)
        return fitted.answers(encode(schema, material.features.filter(pa.array(held))))

    answers, own_seconds = timed(ours)
    rows = rows_of(schema_of(spec, catalog, material, material.features.filter(pa.array(material.split.fit))), material)
    by_hand = {"trees": timed(lambda: trees(rows, material)), "line": timed(lambda: line(rows, material))}
    lost = {by: losses(material.metric, material.target[held], said) for by, (said, _) in by_hand.items()}
    mine, best = losses(material.metric, material.target[held], answers), min(lost, key=lambda by: float(lost[by].mean()))
    apart = mean_interval(mine - lost[best], material.times[held])
    between = f"[{apart.low:+.4f} to {apart.high:+.4f}]" if apart else "not known"
    hand = f"trees {lost['trees'].mean():.4f}  line {lost['line'].mean():.4f}"
    seconds = f"CPU {own_seconds:.1f} s, by hand {sum(one for _, one in by_hand.values()):.1f} s"
    print(f"{name:22} {material.metric:8} ours {mine.mean():.4f} ({kept[0]})  {hand}  ours minus {best} {between}  {seconds}", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of scikit-learn about one-hot levels that a tail has not
    for asked in sys.argv[2:] or NAMES:
        compared(asked, int(sys.argv[1]) if len(sys.argv) > 1 else 10)
