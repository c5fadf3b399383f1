"""Whether a training was run again and gave the same."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, version_page, worth
from shipworthy.records import Verdict


class TrainingReproducible(ScoreTest):
    """Training is reproducible.

    Counts: the verdicts of 'reproduce' on the version. That a package answers as its model did says nothing of it.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 1
    asks: ClassVar[str] = "Training is reproducible."
    improve: ClassVar[str] = "run 'reproduce' on the version that answers"
    shows: ClassVar[Evidence] = replace(
        ANSWERING, gates=((ANSWERING.now, Verdict("reproduced_metrics", f"{ANSWERING.model}@2", "pass", "bit for bit")),)
    )

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        said = [(at, one) for at, one in evidence.gates if one.name.startswith("reproduced")]
        if not said:
            return None
        words = "; ".join(one.words for _, one in said)
        return Found(worth([one for _, one in said]), words, min(at for at, _ in said), version_page(evidence, what="gates", part="gates"))
