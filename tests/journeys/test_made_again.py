"""Trainings with all that chance has a part in, made again to the last bit: searches, seeds, a team's own code, changes not committed."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from shipworthy.flows import recorded
from shipworthy.flows.reproduce import reproduce
from shipworthy.flows.train import train
from shipworthy.spec.load import Words

from ..conftest import MODEL, TRAINED, Said, Shop

pytestmark = pytest.mark.journey

CODE = """
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def estimator(parameters):
    texts = OneHotEncoder(handle_unknown="ignore")
    prepare = make_column_transformer((texts, make_column_selector(dtype_exclude="number")), remainder=SimpleImputer())
    return make_pipeline(prepare, RandomForestRegressor(n_estimators=12, n_jobs=1, **parameters))


def space(trial):
    return {"max_depth": trial.suggest_int("max_depth", 2, 6), "max_features": trial.suggest_float("max_features", 0.3, 1.0)}
"""


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *own, *arguments], check=True, capture_output=True)


def committed(shop: Shop, **training: Any) -> None:
    """Let the shop learn as `training` says, and commit the project."""
    file = shop.root / "ml" / MODEL / "model.yml"
    said = yaml.load(file.read_text(), Loader=Words)
    file.write_text(yaml.safe_dump(said | {"training": training, "evaluation": {"metric": "mae", "holdout": "28 days", "folds": 2}}))
    (shop.root / ".gitignore").write_text(".shipworthy/\ndbt_packages/\nlogs/\n")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
        git(shop.root, *arguments)


def test_a_search_over_several_learners_and_seeds_is_the_same_to_the_last_bit(built: Shop, command: Callable[..., Said]) -> None:
    """
    Three trials for each learner and two seeds: the same learner is kept with the same parameters, and package, promise and answers are
    the same bits. Once the spec asks for more trials, the version is still made again as it was.
    """
    committed(built, candidates=["linear", "lightgbm"], search={"trials": 3}, seeds=2, parameters={"lightgbm": {"num_iterations": 60}})
    assert train(built.project, built.book, MODEL, TRAINED).new
    kept = recorded.load(built.project, MODEL, 1)
    assert kept.trials == {"linear": 3, "lightgbm": 3}
    built.rewrite(f"ml/{MODEL}/model.yml", "trials: 3", "trials: 30")

    told = command("reproduce", f"{MODEL}@1", "--project", built.root)

    assert told.code == 0, told.out + told.err
    assert "5 of 5 passed" in told.out


def test_own_code_with_a_search_and_a_change_that_is_not_committed(built: Shop) -> None:
    """
    An estimator of the team's own, in which chance has a part, was searched with changed code that nobody committed: the changes are
    applied again, whatever stands there by now. A search that the clock ended has as many trials as it had.
    """
    code = built.root / "ml" / MODEL / "train.py"
    code.write_text(CODE)
    committed(built, candidates=["custom"], search={"trials": 4, "minutes": 0.0005}, seeds=2)
    code.write_text(CODE.replace("n_estimators=12", "n_estimators=9"))
    assert train(built.project, built.book, MODEL, TRAINED).new
    kept = recorded.load(built.project, MODEL, 1)
    assert kept.trials is not None
    assert 1 <= kept.trials["custom"] < 4
    assert kept.code is not None
    assert kept.code.changed
    code.write_text("raise SystemError('of tomorrow')\n")

    made = reproduce(built.project, built.book, f"{MODEL}@1")

    assert {verdict.name: verdict.outcome for verdict in made.verdicts} == dict.fromkeys(
        ("training_set", "code", "model", "promise", "predictions"), "pass"
    ), [verdict.words for verdict in made.verdicts]
    assert "with changes" in next(verdict.words for verdict in made.verdicts if verdict.name == "code")
