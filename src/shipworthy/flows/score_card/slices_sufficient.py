"""Whether the model is good enough for every slice."""

from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import chapter, with_chapter


class SlicesSufficient(ScoreTest):
    """Model quality is sufficient on all important data slices.

    Counts: the verdict of the study slices.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 6
    asks: ClassVar[str] = "Model quality is sufficient on all important data slices."
    improve: ClassVar[str] = "name the slices that matter in the spec, train again, and mend what the study finds"
    shows: ClassVar[Evidence] = with_chapter("slices")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return chapter(evidence, "slices", judged=True)
