"""The target of the brief, in words that fit its metric."""

from dataclasses import replace

from shipworthy.records import Interval
from shipworthy.registry.gates.base import EXAMPLE
from shipworthy.registry.gates.meets_target import MeetsTarget
from shipworthy.spec.model import Target


def test_nothing_but_an_absolute_error_is_said_to_be_off() -> None:
    """
    A log loss is called by its name, with the figures that it needs and without the label's unit.
    """
    brief = EXAMPLE.spec.brief.model_copy(update={"target": Target(metric="log_loss", at_most=0.4)})
    spec = EXAMPLE.spec.model_copy(update={"brief": brief})
    promised = replace(EXAMPLE.offline, metric="log_loss", value=0.4766, interval=Interval(0.405, 0.566))
    words = MeetsTarget().judge(replace(EXAMPLE, spec=spec, offline=promised)).words

    assert words == "Refused: the model has a log loss of 0.48 [0.41 to 0.57], the brief asks for at most 0.4."
