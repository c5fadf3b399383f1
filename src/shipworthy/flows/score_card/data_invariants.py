"""Whether data is held to its invariants on both sides."""

from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, both, guards, with_said

CHECKS = ("null_share", "not_finite", "blank_share", "duplicate_keys")
MONITORS = ("null_share", "out_of_range", "new_category")


class DataInvariants(ScoreTest):
    """Data invariants hold in training and serving inputs.

    Counts: checks of the columns of every relation that the model reads, and monitors of the served features, in the last 30
    days; half for one side.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 2
    asks: ClassVar[str] = "Data invariants hold in training and serving inputs."
    improve: ClassVar[str] = "build and monitor on schedule"
    shows: ClassVar[Evidence] = with_said(ANSWERING, *(("null_share", f"{one}.value") for one in (*ANSWERING.relations, ANSWERING.model)))
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        learnt = guards(evidence, CHECKS, evidence.relations, columns=True)
        return both(learnt, guards(evidence, MONITORS, (evidence.model,), columns=True))
