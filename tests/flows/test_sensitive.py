"""What a spec states of fairness; where the columns are found is shown with the study."""

from typing import Any

import pytest

from shipworthy.flows.sensitive import stated
from shipworthy.spec.model import ModelSpec

SPEC = {
    "model": "loans",
    "decisions": {"relation": "asked", "entity": "id", "time": "asked_at", "features": ["income"]},
    "label": {"relation": "paid", "column": "paid", "known_at": "due", "horizon": "30 days"},
}


@pytest.mark.parametrize(
    ("said", "sensitive", "outcome"),
    [
        (None, [], "unknown"),
        (None, ["sex"], "unknown"),
        ({}, [], "unknown"),
        ({"policy": "approval_ratio"}, [], "unknown"),
        ({"sensitive": ["sex"]}, ["sex"], "unknown"),
        ({"sensitive": ["sex"], "policy": "approval_ratio"}, ["sex"], "pass"),
        ({"policy": "approval_ratio"}, ["sex"], "pass"),
        ({"not_applicable": "Machines are predicted, not people"}, [], "pass"),
        ({"not_applicable": "Machines are predicted, not people"}, ["sex"], "fail"),
    ],
)
def test_silence_is_not_assessed_and_a_reason_is_held_against_the_data(said: dict[str, Any] | None, sensitive: list[str], outcome: str):
    """
    Columns and a policy, or a reason; a reason beside a sensitive column contradicts itself.
    """
    spec = ModelSpec.model_validate(SPEC | ({"fairness": said} if said is not None else {}))

    found = stated(spec, sensitive)

    assert found.outcome == outcome
    assert bool(found.fix) == (outcome != "pass")
