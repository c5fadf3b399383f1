"""What a finding costs: with and without the features that it blames."""

import numpy as np
import pytest

from shipworthy.checks.training_set.base.examples import chance, shown, sound
from shipworthy.checks.training_set.base.frame import Frame
from shipworthy.flows.cost import Cost, in_words
from shipworthy.flows.learner import learner


@pytest.fixture
def leaky() -> Frame:
    drawn = sound(rows=2000)
    noise = chance(3).normal(0, 0.3, 2000)
    return shown(drawn["columns"] | {"leak": drawn["label"] + noise}, drawn["label"])


def test_a_leak_costs_what_the_score_falls_by_without_it(leaky: Frame) -> None:
    """
    Without the leak the quick model's score is that of the honest features, and the words say both.
    """
    cost = Cost(leaky, learner).of(["leak"])
    honest = Cost(shown(**sound(rows=2000)), learner)._score(["amount", "visits", "plan"])

    assert (cost["metric"], cost["rows"]) == ("AUC", 500)
    assert cost["without"] == honest
    assert float(str(cost["with"])) > 0.95
    assert float(str(cost["without"])) < 0.8
    assert in_words(cost).startswith("Without it a quick model has AUC 0.")


@pytest.mark.parametrize("blamed", [[], ["gone"], ["amount", "visits", "plan", "leak"]], ids=["nothing", "no feature", "everything"])
def test_what_cannot_be_left_out_costs_nothing_that_could_be_told(leaky: Frame, blamed: list[str]) -> None:
    """
    Where nothing is left out, or nothing would be left, no cost is claimed.
    """
    assert Cost(leaky, learner).of(blamed) == {}
    assert in_words({}) == ""


def test_one_label_alone_has_no_cost(leaky: Frame) -> None:
    """
    Where the rows asked have one label alone, no score can be told, and so no cost.
    """
    rows = leaky.rows.set_column(leaky.rows.num_columns - 1, "label", [np.zeros(2000)])
    alike = Frame("shown", "binary", rows, leaky.features, leaky.as_of)

    assert Cost(alike, learner).of(["leak"]) == {}
