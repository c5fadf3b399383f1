"""Whether forbidden columns reach a feature, by lineage."""

from dataclasses import replace
from typing import ClassVar

from shipworthy.flows.papers.base import Source
from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING


class MetaRequirements(ScoreTest):
    """Features adhere to meta-level requirements.

    Counts: columns declared personal, sensitive or post_outcome in dbt's YAML, none of which a feature is made from. That none
    is declared is no evidence.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 4
    asks: ClassVar[str] = "Features adhere to meta-level requirements."
    improve: ClassVar[str] = (
        "declare roles in dbt's YAML (personal, sensitive, post_outcome), and take features away that are made from them"
    )
    shows: ClassVar[Evidence] = replace(ANSWERING, delicate={})

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        if evidence.delicate is None:
            return None
        source = Source(("lineage", f"ml.{evidence.model}", "1"), "lineage")
        if evidence.delicate:
            feature, columns = next(iter(evidence.delicate.items()))
            return Found(0.0, f"{feature} is made from {', '.join(columns)}", evidence.now, source)
        return Found(1.0, "No feature is made from a column that is declared personal, sensitive or post_outcome.", evidence.now, source)
