"""Whether every feature earns its place."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, chapter
from shipworthy.records import Chapter

WORTH = Chapter(
    "ablation", "What each relation is worth", ("airport_weather is worth 0.4 minutes.",),
    figures={"worth": {"airport_weather": 0.4}, "surely_worth": ["airport_weather"], "untried": 0},
)  # fmt: skip


class FeaturesBeneficial(ScoreTest):
    """All features are beneficial.

    Counts: the study ablation took away each relation and each feature of the decisions, and each is surely worth something; half where
    some were not tried, or for importance alone, which only ranks. One of which no worth is seen makes it 0.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 2
    asks: ClassVar[str] = "All features are beneficial."
    improve: ClassVar[str] = "train again with the study ablation, and drop what it says is worth nothing"
    shows: ClassVar[Evidence] = replace(ANSWERING, chapters={"ablation": WORTH})

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        taken_away, ranked = chapter(evidence, "ablation"), chapter(evidence, "importance")
        if taken_away is None:
            return replace(ranked, points=min(ranked.points, 0.5)) if ranked else None
        figures = evidence.chapters["ablation"].figures
        idle = [name for name in figures["worth"] if name not in figures["surely_worth"]]
        if idle:
            return replace(taken_away, points=0.0, words=f"no worth is seen of {', '.join(idle)}")
        return replace(taken_away, points=min(taken_away.points, 0.5)) if figures["untried"] else taken_away
