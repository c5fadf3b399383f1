"""What is made of findings: one verdict for each subject, the worst of it first."""

from collections.abc import Sequence

import pytest

from shipworthy.bounds import Bound
from shipworthy.checks.training_set.base import Finding, TrainingCheck
from shipworthy.checks.training_set.base.examples import shown, sound
from shipworthy.checks.training_set.base.frame import Frame, Learner
from shipworthy.checks.training_set.base.judge import Judged, ask
from shipworthy.flows.learner import learner


class Told(TrainingCheck):
    """Says what it was told to find."""

    unit = "of something"
    refuses, notes = Bound(high=10), Bound(high=5)
    fix = "mend it"

    def __init__(self, *found: Finding) -> None:
        self.found = found

    def measure(self, frame: Frame, learner: Learner) -> Sequence[Finding]:
        return self.found

    def passes(self) -> Frame:
        return shown(**sound())

    def fails(self) -> Frame:
        return shown(**sound())


def said(*found: Finding) -> list[Judged]:
    return ask(Told(*found), shown(**sound(rows=40)), learner)


def test_two_findings_of_one_feature_are_one_verdict() -> None:
    """
    A feature with two things wrong has one verdict with both, so that neither is lost: the worse one judges, the other is in its words and
    its evidence.
    """
    (one,) = said(Finding(6, "is odd", "plan", {"rows": [{"plan": "x"}]}), Finding(11, "is broken", "plan"))

    assert (one.verdict.outcome, one.verdict.words) == ("fail", "shown.plan is broken; and is odd")
    assert one.verdict.evidence["also"][0]["rows"] == [{"plan": "x"}]
    assert one.measurement.value == 11


def test_the_worst_subject_comes_first() -> None:
    """
    What failed comes before what cannot be told, that before what is noted; what passed is not listed beside them.
    """
    found = said(Finding(6, "b", "visits"), Finding(1, "d", "amount"), Finding(None, "c"), Finding(11, "a", "plan"))

    assert [(one.verdict.subject, one.verdict.outcome, one.verdict.noted) for one in found] == [
        ("shown.plan", "fail", False),
        ("shown", "unknown", False),
        ("shown.visits", "pass", True),
    ]


@pytest.mark.parametrize(("costs", "blamed"), [(True, ("plan",)), (False, ())], ids=["of a feature", "of some rows"])
def test_what_is_wrong_with_some_rows_alone_has_no_cost(costs: bool, blamed: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A check whose findings are about rows blames no feature: to leave the feature out would tell nothing of what the rows cost.
    """
    monkeypatch.setattr(Told, "costs", costs)

    assert said(Finding(11, "is broken", "plan"))[0].blamed == blamed


def test_an_excuse_turns_a_refusal_into_a_note() -> None:
    """
    What is argued for is reported with the argument, and refuses nothing.
    """
    (one,) = said(Finding(11, "is broken", "plan", excuse="somebody said why"))

    assert (one.verdict.outcome, one.verdict.noted, one.verdict.evidence["excuse"]) == ("pass", True, "somebody said why")
