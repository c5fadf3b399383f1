"""Whether numbers stay numbers, in data and in answers."""

from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, both, guards, with_said


class NumericallyStable(ScoreTest):
    """The model is numerically stable.

    Counts: not_finite on what the model reads, and prediction_drift on its answers, in the last 30 days; half for one of them.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 5
    asks: ClassVar[str] = "The model is numerically stable."
    improve: ClassVar[str] = "build and monitor on schedule"
    shows: ClassVar[Evidence] = with_said(
        ANSWERING, ("prediction_drift", ANSWERING.model), *(("not_finite", f"{one}.value") for one in ANSWERING.relations)
    )
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        numeric = [
            one
            for one in evidence.relations
            if any(told.name == "not_finite" and told.subject.startswith(f"{one}.") for _, told in evidence.said)
        ]
        return both(guards(evidence, ("not_finite",), numeric, columns=True), guards(evidence, ("prediction_drift",), (evidence.model,)))
