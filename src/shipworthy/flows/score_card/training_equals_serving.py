"""Whether what was served is what the lake gives."""

from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, guards, with_said


class TrainingEqualsServing(ScoreTest):
    """Training and serving features compute the same values.

    Counts: the verdict of replay, cell by cell, of the last 30 days. Nothing served is unknown, and no evidence.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 3
    asks: ClassVar[str] = "Training and serving features compute the same values."
    improve: ClassVar[str] = "serve with decisions alone, and let 'shipworthy run' replay each day"
    shows: ClassVar[Evidence] = with_said(ANSWERING, ("replay", ANSWERING.model))
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return guards(evidence, ("replay",), (evidence.model,))
