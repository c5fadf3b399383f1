"""Whether going back was ever done."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, deployed, model_page

WHO = "shipworthy retrain"  # as the loop signs its deployments


class RollbackWorks(ScoreTest):
    """Models can be quickly and safely rolled back to a previous serving version.

    Counts: a rollback in the deployment history of the last 365 days that the system did by itself; half for one that a person
    did. That it could be done is no evidence.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 7
    asks: ClassVar[str] = "Models can be quickly and safely rolled back to a previous serving version."
    improve: ClassVar[str] = "go back once, on purpose: 'shipworthy rollback', then promote again"
    shows: ClassVar[Evidence] = replace(
        ANSWERING, deployments=(deployed(2, "promote", 30), deployed(1, "rollback", 20, "shipworthy retrain"))
    )
    recent: ClassVar[timedelta] = timedelta(days=365)

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        back = [one for one in evidence.deployments if one.action == "rollback"]
        if not back:
            return None
        last = next((one for one in reversed(back) if one.who == WHO), back[-1])
        words = f"{last.who} went back to version {last.version} on {last.at:%Y-%m-%d}: {last.why}"
        return Found(1.0 if last.who == WHO else 0.5, words, last.at, model_page(evidence, "deployments"))
