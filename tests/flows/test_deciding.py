"""What is done with a model's answers: learnt beside the holdout, and packed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from shipworthy.flows.deciding import decision_of
from shipworthy.flows.fitting import fitted_on
from shipworthy.flows.progress import silent
from shipworthy.flows.train import Attempt, learn, packaged
from shipworthy.registry.decision import AS_IT_IS
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import load
from shipworthy.registry.reproduction import largest_difference

COSTS = {"false_positive": 1, "false_negative": 6}


def test_the_package_holds_calibration_and_threshold(whether_late: Callable[..., Attempt]) -> None:
    """
    What is loaded from the package answers as the trained model does when it is calibrated, and knows the threshold.
    """
    attempt = whether_late(calibrate="sigmoid", costs=COSTS)
    learnt = learn(attempt, silent)
    packaged(attempt, learnt)
    package, decision = load(attempt.folder), learnt.subject.decision
    answers = decision.meaning(learnt.final.answers(encode(package.schema, attempt.material.features)))

    assert package.decision == decision
    assert decision.said
    assert decision.threshold is not None
    assert largest_difference(package, attempt.material.features, answers) == 0.0
    assert not np.array_equal(answers, learnt.final.answers(encode(package.schema, attempt.material.features)))


def test_the_holdout_is_not_looked_at(whether_late: Callable[..., Attempt]) -> None:
    """
    With every label of the holdout turned round, calibration and threshold stay the same.
    """
    attempt = whether_late(calibrate="isotonic", costs=COSTS)
    held, material = attempt.material.split.holdout, attempt.material
    turned = replace(material, target=np.where(held, 1 - material.target, material.target))
    fitted, _ = fitted_on(attempt.spec, attempt.catalog, material)

    before, after = (decision_of(attempt.spec, attempt.catalog, one, fitted) for one in (material, turned))
    assert before == after != AS_IT_IS


def test_a_capacity_limits_how_many_are_acted_on(whether_late: Callable[..., Attempt]) -> None:
    """
    With a capacity of a twentieth the threshold is higher than without.
    """
    free, bound = (whether_late(costs=COSTS, **said) for said in ({}, {"capacity": 0.05}))
    fitted, _ = fitted_on(free.spec, free.catalog, free.material)

    low, high = (decision_of(one.spec, one.catalog, one.material, fitted).threshold for one in (free, bound))
    assert low < high


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_nothing_asked_is_nothing_done(whether_late: Callable[..., Attempt], attempt: Attempt, task: str) -> None:
    """
    Without costs and calibration answers are taken as they are, and no second fit is paid for.
    """
    one = whether_late() if task == "binary" else attempt
    fitted, _ = fitted_on(one.spec, one.catalog, one.material)

    assert decision_of(one.spec, one.catalog, one.material, fitted) is AS_IT_IS
