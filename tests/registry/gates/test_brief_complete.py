from dataclasses import replace

import pytest

from shipworthy.registry.gates.base import EXAMPLE
from shipworthy.registry.gates.brief_complete import BriefComplete
from shipworthy.spec.model import Brief


@pytest.mark.parametrize("part", list(Brief.model_fields))
def test_each_missing_part_is_named(part: str) -> None:
    """
    Any part that is left out is named, and the fix says where to write it.
    """
    brief = EXAMPLE.spec.brief.model_copy(update={part: None})
    verdict = BriefComplete().judge(replace(EXAMPLE, spec=EXAMPLE.spec.model_copy(update={"brief": brief})))

    assert verdict.words == f"Refused: the brief does not say {part.replace('_', ' ')}."
    assert verdict.fix == f"write brief.{part} in ml/arrival_delay/model.yml"
    assert verdict.evidence == {"missing": [part]}
