"""Whether the model was looked at for fairness to groups."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import chapter, with_chapter


class Inclusion(ScoreTest):
    """The model has been tested for considerations of inclusion.

    Counts: the verdict of the study fairness; half where somebody wrote down why nobody is concerned. Not assessed is no evidence.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 7
    asks: ClassVar[str] = "The model has been tested for considerations of inclusion."
    improve: ClassVar[str] = "declare the sensitive columns and the policy in the spec, and train again"
    shows: ClassVar[Evidence] = with_chapter("fairness")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        found = chapter(evidence, "fairness", judged=True)
        if found and evidence.chapters["fairness"].figures.get("assessed") is False:
            return replace(found, points=min(found.points, 0.5))
        return found
