"""Whether the version that answers passed its gates first."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, deployed, version_page, with_gates, worth


class QualityValidated(ScoreTest):
    """Model quality is validated before attempting to serve it.

    Counts: gates that judged the version before it was let to answer, all green; half where somebody answers for a red one.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 4
    asks: ClassVar[str] = "Model quality is validated before attempting to serve it."
    improve: ClassVar[str] = "promote through the gates: 'shipworthy promote'"
    shows: ClassVar[Evidence] = replace(with_gates(ANSWERING, "beats_rule", "grain"), deployments=(deployed(2, "promote", 10),))

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        began = next(
            (one.at for one in reversed(evidence.deployments) if evidence.version and one.version == evidence.version.version), None
        )
        before = [(at, one) for at, one in evidence.gates if began and at <= began]
        if not evidence.answers or not before:
            return None
        words = f"{len(before)} gates judged version {evidence.deployments[-1].version} before it answered"
        return Found(
            worth([one for _, one in before]), words, max(at for at, _ in before), version_page(evidence, what="gates", part="gates")
        )
