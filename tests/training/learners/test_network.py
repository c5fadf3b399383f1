"""A small network of PyTorch in a team's own train.py: fitted, kept as arrays, read again."""

from pathlib import Path

import numpy as np
import pytest

from shipworthy.gateways import estimators
from shipworthy.training.fitted import Rows
from shipworthy.training.learners.custom import Custom

from .test_custom import SPLIT, aim, rows

__all__ = ["rows"]  # a fixture
NETWORK = '''
import numpy as np
import torch
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


class Network(RegressorMixin, BaseEstimator):
    """One hidden layer; what it has learnt is kept as arrays, so that no code lies in the package."""

    def __init__(self, hidden=16, steps=300, random_state=None):
        self.hidden, self.steps, self.random_state = hidden, steps, random_state

    def fit(self, rows, target):
        torch.manual_seed(self.random_state)
        torch.set_num_threads(1)
        network = self._made(rows.shape[1])
        optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
        given, wanted = (torch.tensor(np.asarray(part), dtype=torch.float32) for part in (rows, target))
        for _ in range(self.steps):
            optimizer.zero_grad()
            torch.nn.functional.l1_loss(network(given)[:, 0], wanted).backward()
            optimizer.step()
        self.weights_ = {name: value.numpy().copy() for name, value in network.state_dict().items()}
        self.width_ = rows.shape[1]
        return self

    def predict(self, rows):
        network = self._made(self.width_)
        network.load_state_dict({name: torch.tensor(value) for name, value in self.weights_.items()})
        with torch.no_grad():
            return network(torch.tensor(np.asarray(rows), dtype=torch.float32))[:, 0].numpy().astype(float)

    def _made(self, width):
        return torch.nn.Sequential(torch.nn.Linear(width, self.hidden), torch.nn.ReLU(), torch.nn.Linear(self.hidden, 1))


def estimator(parameters):
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(prepare, Network(**parameters))
'''


@pytest.mark.journey
def test_a_network_learns_and_is_kept_as_arrays(rows: Rows, tmp_path: Path) -> None:
    """
    The network learns numbers and texts, the same seed gives the same network, and what is read again answers the same, bit for bit.
    """
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
    told = aim(tmp_path, NETWORK, "ml.late.train.Network")

    fitted, twin = (Custom().fit(rows, SPLIT, aim=told, said={"hidden": 24}) for _ in range(2))
    again = estimators.read(fitted.content, trust=told.trust, where="model")

    held = rows.matrix[SPLIT.holdout]
    assert np.abs(fitted.answers(held) - rows.target[SPLIT.holdout]).mean() < 2.5
    assert (fitted.answers(held) == twin.answers(held)).all()
    assert (estimators.answers(again, estimators.frame(held, rows.features, rows.levels), "regression") == fitted.answers(held)).all()
