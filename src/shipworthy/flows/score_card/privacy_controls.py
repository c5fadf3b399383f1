"""Whether data about persons is kept from where it is not needed."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.papers.base import Source
from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING


class PrivacyControls(ScoreTest):
    """The data pipeline has appropriate privacy controls.

    Counts half: columns declared personal or sensitive, none of which reaches a feature. Blind to who may read tables: no
    access policy can be seen from here.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 5
    asks: ClassVar[str] = "The data pipeline has appropriate privacy controls."
    improve: ClassVar[str] = (
        "declare role: personal where it is due; who may read the tables, and for how long they are kept, is reviewed by people"
    )
    shows: ClassVar[Evidence] = replace(ANSWERING, persons={})
    most: ClassVar[float] = 0.5

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        if evidence.persons is None:
            return None
        source = Source(("lineage", f"ml.{evidence.model}", "1"), "lineage")
        if evidence.persons:
            return Found(0.0, f"{', '.join(evidence.persons)} are made from columns about persons", evidence.now, source)
        return Found(0.5, "No declared column about persons reaches a feature; who may read them is not known here.", evidence.now, source)
