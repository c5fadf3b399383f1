"""Whether every feature earns its place."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import chapter, with_chapter


class FeaturesBeneficial(ScoreTest):
    """All features are beneficial.

    Counts: the chapter of the study ablation, which takes features away; half of it for importance alone, which only ranks
    them.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 2
    asks: ClassVar[str] = "All features are beneficial."
    improve: ClassVar[str] = "train again with the study ablation, and drop what it says is worth nothing"
    shows: ClassVar[Evidence] = with_chapter("ablation", outcome=False)

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        taken_away, ranked = chapter(evidence, "ablation"), chapter(evidence, "importance")
        return taken_away or (replace(ranked, points=min(ranked.points, 0.5)) if ranked else None)
