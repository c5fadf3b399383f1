"""A team's own train.py: really imported, fitted, written and read again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from shipworthy.errors import BadArtifact, BadSpec, UnknownName
from shipworthy.gateways import estimators
from shipworthy.gateways.trust import Trust
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.base import Aim
from shipworthy.training.learners.custom import Custom
from shipworthy.training.split import time_split

N = 600
TIMES = np.datetime64("2026-01-01", "us") + np.arange(N) * np.timedelta64(1, "h").astype("timedelta64[us]")
SPLIT = time_split(TIMES, timedelta(days=5), timedelta(hours=1), as_of=datetime(2026, 12, 31, tzinfo=UTC))
FOREST = """
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

def estimator(parameters):
    prepare = make_column_transformer(
        (SimpleImputer(), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(prepare, RandomForestRegressor(n_estimators=parameters.get("trees", 10)))

def space(trial):
    return {"trees": trial.suggest_int("trees", 5, 20)}
"""
BOOST = """
from xgboost import XGBRegressor

def estimator(parameters):
    return XGBRegressor(n_estimators=30, n_jobs=1, **parameters)
"""
OWN = """
import numpy as np

class Middle:
    def fit(self, rows, target):
        self.middle_ = float(np.median(target))
        return self

    def predict(self, rows):
        return np.full(len(rows), self.middle_)

def estimator(parameters):
    return Middle()
"""


@pytest.fixture
def rows() -> Rows:
    rng = np.random.default_rng(3)
    matrix = np.column_stack([rng.normal(size=N), rng.integers(0, 3, N).astype(float)])
    target = 4 * matrix[:, 0] + np.array([0.0, 9.0, -9.0])[matrix[:, 1].astype(int)]
    matrix[rng.random(N) < 0.1, 0] = np.nan
    return Rows(matrix, target, ["size", "kind"], [1], {1: ("a", "b", "c")})


def aim(folder: Path, code: str, *trusted: str) -> Aim:
    """Return the aim of a project whose model `late` has this train.py."""
    file = folder / "ml" / "late" / "train.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code)
    return Aim("regression", "mae", 3, "model.yml", None, file, Trust(frozenset(trusted), folder))


def test_any_estimator_learns_numbers_and_texts(rows: Rows, tmp_path: Path) -> None:
    """
    A pipeline with its own preprocessing finds what is there, lives with what is missing, and is read again as it was.
    """
    fitted = Custom().fit(rows, SPLIT, aim=aim(tmp_path, FOREST), said={"trees": 20})
    held = rows.matrix[SPLIT.holdout]

    again = estimators.read(fitted.content, where="model")

    assert np.abs(fitted.answers(held) - rows.target[SPLIT.holdout]).mean() < 2.5
    assert (estimators.answers(again, estimators.frame(held, rows.features, rows.levels), "regression") == fitted.answers(held)).all()
    assert fitted.parameters == {"trees": 20}


def test_a_random_state_that_was_left_open_gets_the_seed(rows: Rows, tmp_path: Path) -> None:
    """
    The same seed gives the same answers, another seed others: nothing is left to chance that nobody chose.
    """
    told = aim(tmp_path, FOREST)
    first, second = (Custom().fit(rows, SPLIT, aim=told, said={}).answers(rows.matrix) for _ in range(2))
    other = (
        Custom().fit(rows, SPLIT, aim=Aim("regression", "mae", 4, "model.yml", None, told.code, told.trust), said={}).answers(rows.matrix)
    )

    assert (first == second).all()
    assert (first != other).any()


def test_another_library_behind_the_same_interface_must_be_trusted(rows: Rows, tmp_path: Path) -> None:
    """
    XGBoost is refused by the name of its types until the registry was told to trust them; then it learns like any other.
    """
    numbers = Rows(rows.matrix, rows.target, rows.features)
    with pytest.raises(BadArtifact, match=r"xgboost\.core\.Booster.*xgboost\.sklearn\.XGBRegressor, which nobody was told to trust"):
        Custom().fit(numbers, SPLIT, aim=aim(tmp_path, BOOST), said={})

    told = aim(tmp_path, BOOST, "xgboost.core.Booster", "xgboost.sklearn.XGBRegressor")
    fitted = Custom().fit(numbers, SPLIT, aim=told, said={"max_depth": 4})

    again = estimators.read(fitted.content, trust=told.trust, where="model")
    assert np.abs(fitted.answers(rows.matrix) - rows.target).mean() < 2.5
    assert (estimators.answers(again, estimators.frame(rows.matrix, rows.features, {}), "regression") == fitted.answers(rows.matrix)).all()


def test_a_type_of_their_own_is_found_by_its_place(rows: Rows, tmp_path: Path) -> None:
    """
    A class in train.py is trusted as ml.MODEL.train.CLASS, and is imported from the project's folder when the package is read.
    """
    told = aim(tmp_path, OWN, "ml.late.train.Middle")

    fitted = Custom().fit(rows, SPLIT, aim=told, said={})

    again = estimators.read(fitted.content, trust=told.trust, where="model")
    assert again.middle_ == np.median(rows.target[SPLIT.fit])


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        ("def estimate(parameters): ...", UnknownName, "no function 'estimator'\n.*did you mean 'estimate'"),
        ("def estimator(parameters): return parameters['depth']", BadSpec, "raises KeyError: 'depth'"),
        ("import no_such_library", BadSpec, "cannot be imported: ModuleNotFoundError"),
        (
            "from sklearn.linear_model import LinearRegression\ndef estimator(p): return LinearRegression()",
            BadSpec,
            "does not fit: ValueError",
        ),
    ],
)
def test_what_is_wrong_with_train_py_is_told(rows: Rows, tmp_path: Path, code: str, error: type, words: str) -> None:
    """
    A missing function, an exception in it, a library that is not there, an estimator that cannot take what is missing: each is told.
    """
    with pytest.raises(error, match=words):
        Custom().fit(rows, SPLIT, aim=aim(tmp_path, code), said={})


def test_without_train_py_there_is_nothing_to_fit(rows: Rows) -> None:
    """
    The learner `custom` without its file says what to write.
    """
    with pytest.raises(BadSpec, match=r"no train\.py"):
        Custom().fit(rows, SPLIT, aim=Aim("regression", "mae"), said={})
