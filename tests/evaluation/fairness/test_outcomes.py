"""What a model's answers lead to, from the person's side."""

import numpy as np
import pytest

from shipworthy.evaluation.fairness.groups import Groups
from shipworthy.evaluation.fairness.outcomes import APPROVED, BIAS, DESERVING, ERROR, WRONG, judged_by, measured, outcomes, usual_threshold

ANSWERS, TRUTH = np.array([0.9, 0.8, 0.2, 0.7]), np.array([1.0, 0.0, 0.0, 1.0])
ONE = Groups("all", ("all",), np.zeros(4, dtype=int))


def test_a_predicted_harm_is_turned_over():
    """
    Where 1 is a bad credit, who is not called bad is approved.
    """
    bad = measured(outcomes("binary", ANSWERS, TRUTH, np.arange(4), threshold=0.5, favourable=0), ONE)
    good = measured(outcomes("binary", ANSWERS, TRUTH, np.arange(4), threshold=0.5, favourable=1), ONE)

    assert (bad[APPROVED][0].value, good[APPROVED][0].value) == (0.25, 0.75)
    assert (bad[DESERVING][0].value, good[DESERVING][0].value) == (0.5, 1.0)
    assert bad[WRONG][0].value == good[WRONG][0].value == 0.25


def test_a_regression_has_errors_and_no_decisions():
    """
    Mean absolute error, and mean error with its sign.
    """
    found = measured(
        outcomes("regression", np.array([1.0, 5.0]), np.array([2.0, 2.0]), np.arange(2), threshold=0.5, favourable=1), ONE.at(np.arange(2))
    )

    assert set(found) == {ERROR, BIAS}
    assert (found[ERROR][0].value, found[BIAS][0].value) == (2.0, 1.0)


@pytest.mark.parametrize(
    ("policy", "binary", "regression"),
    [("demographic_parity", 1, 0), ("equalized_odds", 2, 0), ("equal_opportunity", 1, 0), ("approval_ratio", 1, 0), ("group_error", 1, 1)],
)
def test_policies_about_decisions_say_nothing_of_numbers(policy: str, binary: int, regression: int):
    """
    A policy compares one metric or two; of a regression only errors can be compared.
    """
    assert (len(judged_by(policy, "binary")), len(judged_by(policy, "regression"))) == (binary, regression)


def test_a_rare_outcome_moves_the_threshold():
    """
    Where 0.5 would say 1 to nobody, as many are chosen as there are ones.
    """
    answers = np.linspace(0, 0.3, 100)

    assert (answers >= usual_threshold(answers, 0.1)).mean() == pytest.approx(0.1)
    assert usual_threshold(np.linspace(0, 1, 100), 0.4) == 0.5
