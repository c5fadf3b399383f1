"""Whether the rule and simpler learners were beaten."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, both, chapter, gate, with_gates
from shipworthy.records import Chapter

COMPARED = Chapter("candidates", "Candidates", ("The linear model wins.",), figures={"losses": {"linear": 11.9, "lightgbm": 11.9}})


class SimplerIsNotBetter(ScoreTest):
    """A simpler model is not better.

    Counts: the gate beats_rule and the chapter of the study candidates, with two learners or more; half for one of them.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 5
    asks: ClassVar[str] = "A simpler model is not better."
    improve: ClassVar[str] = "write a baseline, and train again so that simpler learners are tried on the same folds"
    shows: ClassVar[Evidence] = with_gates(replace(ANSWERING, chapters={"candidates": COMPARED}), "beats_rule")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        known = evidence.chapters.get("candidates")
        compared = known.figures.get("losses", {}) if known else {}
        return both(gate(evidence, "beats_rule"), chapter(evidence, "candidates") if len(compared) > 1 else None)
