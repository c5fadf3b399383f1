"""Which inputs tell a group."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from shipworthy.evaluation.fairness.proxies import each_alone, proxies, told

ROWS = 2000
FIT, ASKED = np.arange(1000), np.arange(1000, 2000)


def people() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    member = random.random(ROWS) < 0.4
    title = np.where(random.random(ROWS) < 0.9, member, ~member).astype(float)
    height = random.normal(0, 1, ROWS) - 1.5 * member
    height[::7] = np.nan
    return np.stack([title, height, random.normal(size=ROWS), np.full(ROWS, np.nan)], axis=1), member


def test_inputs_that_stand_for_a_group_are_named_and_others_are_not():
    """
    A title and a height tell it, the title more; chance does not, nor does a column without values.
    """
    matrix, member = people()

    alone = each_alone(matrix, ["title", "height", "chance", "empty"], [0], member, FIT, ASKED)

    assert [one.name for one in proxies(alone)] == ["title", "height"]
    assert {one.name for one in alone} == {"title", "height", "chance", "empty"}
    assert alone[-1].auc == pytest.approx(0.5, abs=0.06)


def test_the_auc_is_scikit_learns_with_an_interval_that_holds_it():
    """
    Ties count one half, as everywhere.
    """
    random = np.random.default_rng(3)
    member = random.random(500) < 0.3
    scores = np.round(random.normal(size=500) + member, 1)

    found = told("x", member, scores)

    assert found is not None
    assert found.auc == pytest.approx(roc_auc_score(member, scores), abs=1e-12)
    assert found.interval.low < found.auc < found.interval.high
    assert told("x", np.ones(5, dtype=bool), np.ones(5)) is None


def test_a_column_by_chance_is_hardly_ever_a_proxy():
    """
    Of 300 random columns none is named: the bound is well above chance.
    """
    random = np.random.default_rng(4)
    member = random.random(ROWS) < 0.5

    alone = each_alone(random.normal(size=(ROWS, 300)), [str(place) for place in range(300)], [], member, FIT, ASKED)

    assert proxies(alone) == []
