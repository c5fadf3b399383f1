"""Whether what features cost is known beside what they are worth."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, chapter
from shipworthy.records import Chapter


class FeatureCost(ScoreTest):
    """No feature's cost is too much.

    Counts: a figure called cost in the chapter of the study ablation. Blind to what nobody measures: the people who keep a
    feature alive.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 3
    asks: ClassVar[str] = "No feature's cost is too much."
    improve: ClassVar[str] = "measure what features cost (build time, latency, incidents) and write it beside their worth in by_hand.yml"
    shows: ClassVar[Evidence] = replace(
        ANSWERING, chapters={"ablation": Chapter("ablation", "Ablation", ("Each is worth it.",), figures={"cost": {"wind_speed": 0.1}})}
    )

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        known = evidence.chapters.get("ablation")
        return chapter(evidence, "ablation") if known and known.figures.get("cost") else None
