"""Whether a search chose the parameters."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, chapter
from shipworthy.records import Chapter

FEWEST = 2  # finished trials: the first one has the defaults
TUNED = Chapter("candidates", "Candidates", ("lightgbm is kept.",), figures={"learner": "lightgbm", "trials": {"lightgbm": 20}})


class HyperparametersTuned(ScoreTest):
    """All hyperparameters have been tuned.

    Counts: two finished trials or more of a search for the learner that was kept, in the chapter of the study candidates. Blind to
    whether the space was wide enough.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 3
    asks: ClassVar[str] = "All hyperparameters have been tuned."
    improve: ClassVar[str] = "ask for a search in the spec's training part, and train again"
    shows: ClassVar[Evidence] = replace(ANSWERING, chapters={"candidates": TUNED})

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        known, found = evidence.chapters.get("candidates"), chapter(evidence, "candidates")
        if known is None or found is None:
            return None
        trials = known.figures.get("trials", {}).get(known.figures.get("learner"), 0)
        return replace(found, words=f"{trials} trials; {found.words}") if trials >= FEWEST else None
