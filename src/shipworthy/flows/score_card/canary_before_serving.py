"""Whether a version is tried where it will serve before all depends on it."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, deployed, gate, with_gates


class CanaryBeforeServing(ScoreTest):
    """Models are tested via a canary process before they enter production serving environments.

    Counts half: the version answers, and its package gave the fitted model's answers on golden rows when it was promoted. Blind
    to traffic: no share of requests was tried first.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 6
    asks: ClassVar[str] = "Models are tested via a canary process before they enter production serving environments."
    improve: ClassVar[str] = "let a version answer in shadow, or a share of requests, before all; write in by_hand.yml what was seen"
    shows: ClassVar[Evidence] = replace(with_gates(ANSWERING, "reproduces_model"), deployments=(deployed(2, "promote", 10),))
    most: ClassVar[float] = 0.5

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        promoted = [one for one in evidence.deployments if one.action == "promote"]
        found = gate(evidence, "reproduces_model")
        return replace(found, points=min(found.points, 0.5)) if found and promoted and evidence.answers else None
