"""A team's own estimator on a real dbt project: trained, judged, packaged, promoted, served, and refused once its file has changed."""

from datetime import timedelta

import pytest
import yaml

from shipworthy.errors import BadArtifact
from shipworthy.flows.promote import promote
from shipworthy.flows.train import train
from shipworthy.gateways.trust import trust_of
from shipworthy.registry.package import load
from shipworthy.spec.load import Words
from shipworthy.spec.project import find

from ..conftest import BUILT, MODEL, TRAINED, Shop
from ..serving.answering import served

CODE = '''
import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder


class Steady(RegressorMixin, BaseEstimator):
    """Answers that never leave what was seen."""

    def __init__(self, depth=4, random_state=None):
        self.depth, self.random_state = depth, random_state

    def fit(self, rows, target):
        self.inner_ = HistGradientBoostingRegressor(max_depth=self.depth, random_state=self.random_state).fit(rows, target)
        self.low_, self.high_ = float(np.min(target)), float(np.max(target))
        return self

    def predict(self, rows):
        return np.clip(self.inner_.predict(rows), self.low_, self.high_)


def estimator(parameters):
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    prepare = make_column_transformer((encoder, make_column_selector(dtype_exclude="number")), remainder="passthrough")
    return make_pipeline(prepare, Steady(**parameters))


def space(trial):
    return {"depth": trial.suggest_int("depth", 2, 6)}
'''


@pytest.mark.journey
def test_an_own_estimator_goes_all_the_way(built: Shop) -> None:
    """
    It is refused until its type is trusted, then trained with a search, sound at its gates, promoted and served; a request gets the
    answer of the package. When its code is changed so that answers differ, the golden rows refuse it.
    """
    spec, code = built.root / "ml" / MODEL / "model.yml", built.root / "ml" / MODEL / "train.py"
    code.write_text(CODE)
    said = yaml.load(spec.read_text(), Loader=Words) | {"training": {"candidates": ["constant", "custom"], "search": {"trials": 3}}}
    spec.write_text(yaml.safe_dump(said))
    with pytest.raises(BadArtifact, match=rf"ml\.{MODEL}\.train\.Steady, which nobody was told to trust"):
        train(built.project, built.book, MODEL, TRAINED)

    settings = built.root / "shipworthy.yml"
    settings.write_text(f"{settings.read_text()}\ntrust: [ml.{MODEL}.train.Steady]\n")
    trusting = find(built.root)
    trained = train(trusting, built.book, MODEL, TRAINED)
    assert trained.version.sound, [verdict.words for verdict in trained.verdicts if verdict.outcome != "pass"]
    number = trained.version.version
    package = load(trusting.state / trained.version.artifact, trust=trust_of(trusting))
    assert package.manifest.model_format == "skops"

    promote(trusting, built.book, MODEL, number, who="ana", why="our own", at=BUILT)
    inputs = {"shop": "lotus", "distance": 3.5, "items": 2, "waiting": 12.0, "mean_minutes": 30.0}
    with served(trusting) as service:
        row = {"entity": "o1", "decided_at": (BUILT + timedelta(hours=1)).isoformat(), "inputs": inputs}
        answer = service.predict(row, model=MODEL).raise_for_status().json()
    assert answer["predictions"][0]["answer"] == package.predict([inputs])[0]

    code.write_text(CODE.replace("np.clip(", "1 + np.clip("))
    with pytest.raises(BadArtifact, match="golden row 0"):
        load(trusting.state / trained.version.artifact, trust=trust_of(trusting))
