"""Whether what the spec makes is tested by cases."""

from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import both, chapter, gate, with_chapter, with_gates


class ModelCodeTested(ScoreTest):
    """Model specification code is unit tested.

    Counts: the verdicts of the study behaviour, and the gate reproduces_model; half for one of them.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 2
    asks: ClassVar[str] = "Model specification code is unit tested."
    improve: ClassVar[str] = "write ml/NAME/behaviours.yml, and train again"
    shows: ClassVar[Evidence] = with_gates(with_chapter("behaviour"), "reproduces_model")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        return both(chapter(evidence, "behaviour", judged=True), gate(evidence, "reproduces_model"))
