"""Whether quality is measured on what was served."""

from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, guards, with_said


class QualityOnServedData(ScoreTest):
    """The model has not experienced a regression in prediction quality on served data.

    Counts: the verdict of the monitor realized_decay on matured outcomes, of the last 30 days before the labels' horizon. A
    regression that was found is none that was not: it scores 0.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 7
    asks: ClassVar[str] = "The model has not experienced a regression in prediction quality on served data."
    improve: ClassVar[str] = "give outcomes, monitor on schedule, and retrain or go back where quality fell"
    shows: ClassVar[Evidence] = with_said(ANSWERING, ("realized_decay", ANSWERING.model))
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return guards(evidence, ("realized_decay",), (evidence.model,))
