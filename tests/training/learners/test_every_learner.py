"""What every learner promises: nothing of the holdout reaches it, and where there is nothing to learn it learns nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from shipworthy.errors import BadData, BadSpec, UnknownName
from shipworthy.families import members
from shipworthy.registry.encoding import encode
from shipworthy.registry.schema import infer
from shipworthy.training import learners
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.base import Aim, Learner
from shipworthy.training.split import time_split

N = 3000
TIMES = np.datetime64("2026-01-01", "us") + np.arange(N) * np.timedelta64(1800, "s").astype("timedelta64[us]")
SPLIT = time_split(TIMES, timedelta(days=12), timedelta(days=1), as_of=datetime(2026, 12, 1, tzinfo=UTC))
FEATURES = ["amount", "age", "carrier"]
ALL = members(learners, Learner)
NAMED = pytest.mark.parametrize("name", sorted(ALL))
REGRESSION = {"mae": None, "mse": None, "pinball": 0.9}
AIMS = {metric: Aim("regression", metric, 3, quantile=quantile) for metric, quantile in REGRESSION.items()}
AIMS["log_loss"] = Aim("binary", "log_loss", 3)
AIMS["three classes"] = Aim("multiclass", "log_loss", 3, classes=3)
BINARY, CLASSES = AIMS["log_loss"], AIMS["three classes"]
OWN = """
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

def estimator(parameters):
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    texts = OneHotEncoder(handle_unknown="ignore")
    prepare = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")), (texts, make_column_selector(dtype_exclude="number"))
    )
    return make_pipeline(prepare, MODEL(**parameters))
"""
MODELS = {"regression": "Ridge", "binary": "LogisticRegression", "multiclass": "LogisticRegression"}
CODE: dict[str, Path] = {}
FAST = {"lightgbm": {"num_iterations": 40, "min_data_in_leaf": 20, "num_leaves": 7}}


def table(seed=1):
    """Return raw features and a number that follows them."""
    random = np.random.default_rng(seed)
    amount = random.lognormal(3, 2, N)
    age = np.where(random.random(N) < 0.1, None, random.integers(18, 80, N))
    carrier = random.choice(["B6", "UA", "AA"], N)
    follows = np.log(amount) + (carrier == "UA") * 2.0 + random.normal(size=N)
    return pa.table({"amount": amount, "age": pa.array(age, pa.int64()), "carrier": carrier}), follows


@pytest.fixture(scope="module", autouse=True)
def own(tmp_path_factory):
    """Where the team's own code lies, of each task."""
    home = tmp_path_factory.mktemp("own")
    for task, model in MODELS.items():
        (home / "ml" / task).mkdir(parents=True)
        (home / "ml" / task / "train.py").write_text(OWN.replace("MODEL", model))
    CODE["home"] = home


def with_code(aim):
    """Return the aim of a project that has its own train.py, where it was written."""
    return aim if not CODE else replace(aim, code=CODE["home"] / "ml" / aim.task / "train.py")


def learnt(name, raw, target, aim, split=SPLIT):
    """Fit as a training does: the schema, too, comes from the fitted rows alone."""
    aim = with_code(aim)
    schema = infer(raw.filter(pa.array(split.fit)), FEATURES, model="m", task=aim.task, label="y")
    rows = Rows(encode(schema, raw), target, schema.names, schema.categorical, {2: schema.columns[2].categories})
    return ALL[name].fit(rows, split, aim=aim, said=FAST.get(name, {})), rows, schema


def of(aim, follows):
    """Return the label that an aim asks for."""
    if aim.task == "multiclass":
        return np.digitize(follows, [3.0, 5.0]).astype(float)
    return (follows > 4).astype(float) if aim.task == "binary" else follows


def turned_over(aim, target):
    """Return labels that are as wrong as can be."""
    return {"binary": 1 - target, "multiclass": 2 - target}.get(aim.task, target + 1e9)


@NAMED
@pytest.mark.parametrize("metric", AIMS)
def test_what_is_planted_outside_the_fitted_rows_reaches_nothing(name, metric):
    """
    With absurd values, new levels and turned labels in holdout and gap, schema, answers, importance and parameters are as before.
    """
    aim = AIMS[metric]
    raw, follows = table()
    target = of(aim, follows)
    outside = pa.array(~SPLIT.fit)
    planted = pa.table(
        {
            "amount": pa.compute.if_else(outside, 1e12, raw["amount"]),
            "age": pa.compute.if_else(outside, pa.scalar(None, pa.int64()), raw["age"]),
            "carrier": pa.compute.if_else(outside, "never seen", raw["carrier"]),
        }
    )
    turned = np.where(SPLIT.fit, target, turned_over(aim, target))

    first, rows, schema = learnt(name, raw, target, aim)
    then, _, after = learnt(name, planted, turned, aim)

    assert after == schema
    assert (then.answers(rows.matrix) == first.answers(rows.matrix)).all()
    assert (then.importance, then.parameters, then.iterations) == (first.importance, first.parameters, first.iterations)


@NAMED
@pytest.mark.parametrize("metric", AIMS)
def test_the_canary_sings_where_a_fitted_row_is_touched(name, metric):
    """
    The test above can fail: labels of fitted rows that are moved do reach the answers.
    """
    aim = AIMS[metric]
    raw, follows = table()
    target = of(aim, follows)
    moved = np.where(SPLIT.fit & (np.arange(N) % 3 == 0) & (follows > 3.5), turned_over(aim, target), target)

    first, rows, _ = learnt(name, raw, target, aim)
    then, _, _ = learnt(name, raw, moved, aim)

    assert (then.answers(rows.matrix) != first.answers(rows.matrix)).any()


@NAMED
def test_a_permuted_label_is_no_better_than_a_constant(name):
    """
    Over several seeds, what has been learnt from a shuffled label is not surely worth more than the share of ones.
    """
    raw, follows = table()
    target = of(BINARY, follows)
    better = []
    for seed in range(6):
        shuffled = np.random.default_rng(seed).permutation(target)
        model, rows, _ = learnt(name, raw, shuffled, BINARY)
        truth, said = shuffled[SPLIT.holdout], model.answers(rows.matrix[SPLIT.holdout])
        share = shuffled[SPLIT.fit].mean()
        better.append(np.mean((truth - share) ** 2) - np.mean((truth - said) ** 2))

    assert np.mean(better) <= 3 * np.std(better, ddof=1) / np.sqrt(len(better))


@NAMED
def test_the_same_rows_answer_the_same_and_every_row_is_answered(name):
    """
    A fit can be repeated, and rows of nothing but missing, unseen and infinite values get a finite answer.
    """
    raw, follows = table()
    first, rows, _ = learnt(name, raw, follows, AIMS["mae"])
    then, _, _ = learnt(name, raw, follows, AIMS["mae"])
    strange = np.array([[np.nan, np.nan, np.nan], [np.inf, -np.inf, 99.0], [1e300, -1e300, 0.0]])

    assert (first.answers(rows.matrix) == then.answers(rows.matrix)).all()
    assert np.isfinite(first.answers(strange)).all()
    assert first.answers(strange[:0]).shape == (0,)


@NAMED
def test_a_refit_learns_from_every_row_in_the_same_way(name):
    """
    What is packaged has learnt from the holdout too, with the same parameters.
    """
    raw, follows = table()
    model, rows, _ = learnt(name, raw, follows, AIMS["mse"])
    again = ALL[name].refit(rows, model, aim=with_code(AIMS["mse"]))

    assert again.parameters == model.parameters
    assert again.format == model.format
    assert (again.answers(rows.matrix) != model.answers(rows.matrix)).any()


@NAMED
def test_labels_that_teach_nothing_and_parameters_that_nobody_knows_are_refused(name):
    """
    A label that never changes, a null one, and a parameter without a meaning are errors, not models.
    """
    raw, follows = table()
    for target, words in ((np.full(N, 4.0), "nothing to learn"), (np.where(np.arange(N) == 9, np.nan, follows), "null")):
        with pytest.raises(BadData, match=words):
            learnt(name, raw, target, AIMS["mae"])
    rows = learnt(name, raw, follows, AIMS["mae"])[1]
    with pytest.raises((UnknownName, BadSpec), match="magic"):
        ALL[name].fit(rows, SPLIT, aim=with_code(AIMS["mae"]), said={"magic": 1})


@NAMED
def test_the_same_fit_is_the_same_file(name):
    """
    Bytes of two fits are equal: no place in memory and no hour is in them, so that a training can be made again bit by bit.
    """
    raw, follows = table()

    assert learnt(name, raw, follows, AIMS["mae"])[0].content == learnt(name, raw, follows, AIMS["mae"])[0].content


@NAMED
def test_of_several_classes_each_gets_a_probability(name):
    """
    Rows come with a probability for each class that add up to 1, also for a class that was never met; what is learnt beats the shares.
    """
    raw, follows = table()
    target = of(CLASSES, follows)
    model, rows, _ = learnt(name, raw, target, replace(CLASSES, classes=4))
    said = model.answers(rows.matrix)
    came = said[np.arange(N), target.astype(int)][SPLIT.holdout]

    assert said.shape == (N, 4)
    assert said.sum(axis=1) == pytest.approx(1)
    assert (said[:, 3] < 0.01).all()
    assert (name == "constant") or np.log(came).mean() > -0.75
    assert model.answers(rows.matrix[:0]).shape == (0, 4)
