"""Estimators as files: real scikit-learn, really written and read."""

from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from shipworthy.errors import BadArtifact
from shipworthy.gateways import estimators
from shipworthy.gateways.trust import Trust


@dataclass
class Strange:
    """A type that nobody was told to trust."""

    number: float = 1.0


def test_a_pipeline_comes_back_and_answers_the_same() -> None:
    """
    A fitted pipeline is read as it was written, bit for bit in its answers.
    """
    rows, target = np.arange(20.0).reshape(10, 2), np.arange(10.0)
    fitted = make_pipeline(StandardScaler(), Ridge()).fit(rows, target)

    again = estimators.read(estimators.written(fitted, where="model"), where="model")

    assert (again.predict(rows) == fitted.predict(rows)).all()


def test_a_type_that_nobody_trusts_is_refused_by_name() -> None:
    """
    A file with a type of somebody's own is refused with its name, and read once the registry was told.
    """
    content = estimators.written(Strange(3.0), where="model")
    name = f"{Strange.__module__}.{Strange.__qualname__}"

    with pytest.raises(BadArtifact, match=r"Strange, which nobody was told to trust"):
        estimators.read(content, where="model")
    assert estimators.read(content, trust=Trust(frozenset({name})), where="model") == Strange(3.0)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"\x80\x04N."])
def test_what_is_no_estimator_is_refused(content: bytes) -> None:
    """
    Nothing, a text, and a pickle are refused; the pickle is never opened.
    """
    with pytest.raises(BadArtifact, match="is no estimator"):
        estimators.read(content, where="model")
