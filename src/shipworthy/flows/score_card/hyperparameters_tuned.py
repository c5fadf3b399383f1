"""Whether a search chose the parameters."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, chapter
from shipworthy.records import Chapter, Table


class HyperparametersTuned(ScoreTest):
    """All hyperparameters have been tuned.

    Counts: trials of a search in the chapter of the study candidates. Blind to whether the space was wide enough.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 3
    asks: ClassVar[str] = "All hyperparameters have been tuned."
    improve: ClassVar[str] = "ask for a search in the spec's training part, and train again"
    shows: ClassVar[Evidence] = replace(
        ANSWERING,
        chapters={"candidates": Chapter("candidates", "Candidates", ("Chosen.",), (Table("Trials of gbm", ("trial",), ((1,),)),))},
    )

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        known = evidence.chapters.get("candidates")
        searched = known is not None and any("trial" in table.title.lower() and table.rows for table in known.tables)
        return chapter(evidence, "candidates") if searched else None
