"""What a spec may say of fairness."""

import pytest
from pydantic import ValidationError

from shipworthy.spec.fairness import Fairness


@pytest.mark.parametrize(
    ("said", "ratio", "difference"),
    [
        ({"policy": "approval_ratio"}, 0.8, None),
        ({"policy": "group_error"}, 0.8, None),
        ({"policy": "equal_opportunity"}, None, 0.1),
        ({"policy": "demographic_parity", "at_least": 0.9}, 0.9, None),
        ({"policy": "approval_ratio", "at_most": 0.05}, None, 0.05),
    ],
)
def test_every_policy_has_a_bound(said: dict[str, object], ratio: float | None, difference: float | None):
    """
    The customary one, or the one that is given: of a ratio or of a difference.
    """
    found = Fairness.model_validate(said)

    assert (found.least_ratio, found.most_difference) == (ratio, difference)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"not_applicable": "flights, not people", "sensitive": ["sex"]}, "take the rest out"),
        ({"policy": "approval_ratio", "at_least": 0.8, "at_most": 0.1}, "give one of them"),
        ({"sensitive": ["sex"], "at_most": 0.1}, "needs a 'policy'"),
        ({"not_applicable": "no"}, "at least 10 characters"),
        ({"policy": "kindness"}, "Input should be"),
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, object], words: str):
    """
    A reason beside columns, two bounds, a bound of nothing, a reason that is none.
    """
    with pytest.raises(ValidationError, match=words):
        Fairness.model_validate(said)
