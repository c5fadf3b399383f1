"""Whether the version was trained from reviewed code."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, version_page


class SpecsReviewed(ScoreTest):
    """Every model specification undergoes a code review and is checked in to a repository.

    Counts: the version's commit without changes beside it, and a trailer Reviewed-by on the last change of the model's folder;
    half without the trailer.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 1
    asks: ClassVar[str] = "Every model specification undergoes a code review and is checked in to a repository."
    improve: ClassVar[str] = "train from a clean tree, and let commits carry 'Reviewed-by:' of who read them"
    shows: ClassVar[Evidence] = replace(ANSWERING, code="1b30e2e4f0", reviewer="ben@example.org")

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        if evidence.code is None or evidence.version is None:
            return None
        source = version_page(evidence, what="training run", part="run")
        if " with changes" in evidence.code:
            return Found(0.0, f"trained from {evidence.code}: not all of it is checked in", evidence.version.created_at, source)
        words = f"checked in as {evidence.code[:12]}, " + (
            f"reviewed by {evidence.reviewer}" if evidence.reviewer else "no review on record"
        )
        return Found(1.0 if evidence.reviewer else 0.5, words, evidence.version.created_at, source)
