"""Whether the rule and simpler learners were beaten."""

from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import both, chapter, gate, with_chapter, with_gates


class SimplerIsNotBetter(ScoreTest):
    """A simpler model is not better.

    Counts: the gate beats_rule and the chapter of the study candidates, which compares simpler learners; half for one of them.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 5
    asks: ClassVar[str] = "A simpler model is not better."
    improve: ClassVar[str] = "write a baseline, and train again so that simpler learners are tried on the same folds"
    shows: ClassVar[Evidence] = with_gates(with_chapter("candidates", outcome=False), "beats_rule")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return both(gate(evidence, "beats_rule"), chapter(evidence, "candidates"))
