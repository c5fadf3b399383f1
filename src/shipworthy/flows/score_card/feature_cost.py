"""Whether what features cost is known beside what they are worth."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, chapter
from shipworthy.records import Chapter

ASKED = Chapter(
    "ablation", "What each relation is worth", ("airport_weather is worth 0.4 minutes.",),
    figures={"worth": {"airport_weather": 0.4}, "surely_worth": ["airport_weather"], "build_seconds": {"airport_weather": 2.1}},
)  # fmt: skip


class FeatureCost(ScoreTest):
    """No feature's cost is too much.

    Counts: the study ablation knows the seconds that a build spends on each feature relation, and each is surely worth something; one
    that costs and shows no worth is 0. Blind to what nobody measures: incidents, and the people who keep a feature alive.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 3
    asks: ClassVar[str] = "No feature's cost is too much."
    improve: ClassVar[str] = "build and train again, then take away the relations of which the study ablation sees no worth"
    shows: ClassVar[Evidence] = replace(ANSWERING, chapters={"ablation": ASKED})

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        known = evidence.chapters.get("ablation")
        cost = known.figures.get("build_seconds") if known else None
        found = chapter(evidence, "ablation")
        if known is None or found is None or not cost or None in cost.values():
            return None
        idle = [f"{name} ({seconds:.1f} s a build)" for name, seconds in cost.items() if name not in known.figures["surely_worth"]]
        told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in cost.items())
        words = f"no worth is seen of {', '.join(idle)}" if idle else f"each is surely worth something; a build spends {told}"
        return replace(found, points=0.0 if idle else found.points, words=words)
