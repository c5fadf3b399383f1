"""Whether one answer can be taken apart."""

from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import both, chapter, gate, with_chapter, with_gates


class Debuggable(ScoreTest):
    """The model allows debugging by observing the step-by-step computation of training or inference on a single example.

    Counts: the chapter of the study explanation and the gate adds_up: the parts of each answer sum to it; half for one of them.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 5
    asks: ClassVar[str] = (
        "The model allows debugging by observing the step-by-step computation of training or inference on a single example."
    )
    improve: ClassVar[str] = "train again: the study explanation takes answers apart"
    shows: ClassVar[Evidence] = with_gates(with_chapter("explanation"), "adds_up")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return both(chapter(evidence, "explanation"), gate(evidence, "adds_up"))
