"""What more trials of the search bring and cost: LightGBM alone, on folds and on the holdout of real sets.

    SHIPWORTHY_SHARED=../shared python benchmarks/searching.py [SET ...]

One search of 30 trials on each set; the best parameters after 1 (the defaults), 5, 10, 20 and 30 trials are fitted as a training
would fit them and judged on the holdout, which no trial has seen. The interval is that of their losses there minus those of the
defaults, row by row. CPU seconds count all threads.
"""

import sys
import time
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.by_hand import KNOWN_TOO_LATE
from tests.real_data import sets
from tests.real_data.looked import without
from tests.real_data.test_candidates import told

from shipworthy.evaluation.interval import mean_interval
from shipworthy.evaluation.losses import losses
from shipworthy.flows.choosing import fold, folds_of
from shipworthy.flows.material import aim_of, rows_of, schema_of
from shipworthy.training.learners.lightgbm import LightGBM
from shipworthy.training.parameters import Value
from shipworthy.training.search import Budget, Trial, search

NAMES = ("german_credit", "telco_churn", "noaa_weather", "taiwan_credit", "bank_marketing", "restaurant_deliveries")
AFTER = (1, 5, 10, 20, 30)


def best_of(trials: tuple[Trial, ...], first: int) -> Trial:
    """Return the best of the first trials."""
    return min((one for one in trials[:first] if one.loss is not None), key=lambda one: one.loss or 0.0)


def compared(name: str) -> None:
    """Print one set."""
    spec, catalog, material = told(without(getattr(sets, name)(), *KNOWN_TOO_LATE.get(name, ())))
    made = [fold(spec, catalog, material, one) for one in folds_of(spec, material).splits]
    aim, held, seconds = aim_of(spec, material), material.split.holdout, [time.process_time()]

    def lost(truth: np.ndarray, answers: np.ndarray) -> np.ndarray:
        return losses(material.metric, truth, answers, quantile=spec.evaluation.quantile)

    found = search(
        LightGBM(), made, aim=aim, said={}, loss=lost, budget=Budget(AFTER[-1]), heard=lambda *_: seconds.append(time.process_time())
    )
    seconds.append(time.process_time())
    rows = rows_of(schema_of(spec, catalog, material, material.features.filter(material.split.fit)), material)

    def held_loss(said: Mapping[str, Value]) -> np.ndarray:
        return lost(material.target[held], LightGBM().fit(rows, material.split, aim=aim, said=said).answers(rows.matrix[held]))

    plain = held_loss(best_of(found.trials, 1).parameters)
    for first in AFTER:
        best = best_of(found.trials, first)
        mine = held_loss(best.parameters)
        apart = mean_interval(mine - plain, material.times[held])
        between = f"[{apart.low:+.4f} to {apart.high:+.4f}]" if apart else "not known"
        used = seconds[min(first, len(found.trials)) + 1] - seconds[1]
        fitted = f"folds {best.loss:.4f}  holdout {mine.mean():.4f}, minus defaults {between}"
        print(f"{name:22} {material.metric:8} {first:2} trials  {fitted}  CPU {used:.0f} s", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of scikit-learn about one-hot levels that a tail has not
    for asked in sys.argv[1:] or NAMES:
        compared(asked)
