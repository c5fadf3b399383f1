"""Whether a training was run again and gave the same."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, DAY, version_page, worth
from shipworthy.records import Verdict

AGAIN = Verdict("reproduction", ANSWERING.model, "pass", "Version 2 came out the same to the last bit.", evidence={"version": 2})


class TrainingReproducible(ScoreTest):
    """Training is reproducible.

    Counts: the last verdict of 'reproduce' on the version that answers. That a package answers as its model did says nothing of it.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 1
    asks: ClassVar[str] = "Training is reproducible."
    improve: ClassVar[str] = "run 'reproduce' on the version that answers"
    shows: ClassVar[Evidence] = replace(ANSWERING, said=((ANSWERING.now - DAY, AGAIN),))

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        version = evidence.version.version if evidence.version else None
        own = [(at, one) for at, one in evidence.said if one.name == "reproduction" and one.evidence.get("version") == version]
        return Found(worth([own[-1][1]]), own[-1][1].words, own[-1][0], version_page(evidence, what="version")) if own else None
