"""Whether what features may hold is written down and checked."""

from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, guards, with_said

NAMES = ("null_share", "distinct_count", "blank_share", "not_finite", "learnt_range")


class FeatureExpectations(ScoreTest):
    """Feature expectations are captured in a schema.

    Counts: the package's schema of the features, and checks of the columns of every relation that the model reads, in a build
    of the last 30 days.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 1
    asks: ClassVar[str] = "Feature expectations are captured in a schema."
    improve: ClassVar[str] = "run 'shipworthy build' on schedule, and mend what its checks found"
    shows: ClassVar[Evidence] = with_said(ANSWERING, *((NAMES[0], f"{relation}.value") for relation in ANSWERING.relations))
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return guards(evidence, NAMES, evidence.relations, columns=True) if evidence.features else None
