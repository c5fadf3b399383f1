"""How long a feature took from its first line to a version."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Added, Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, version_page

QUICK = timedelta(days=60)


class NewFeaturesQuickly(ScoreTest):
    """New features can be added quickly.

    Counts: the newest features that a version has and the one before had not, from git's first mention to that version: at most
    60 days.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 6
    asks: ClassVar[str] = "New features can be added quickly."
    improve: ClassVar[str] = "keep the project in git; a feature that is added, trained and released within 60 days shows it"
    shows: ClassVar[Evidence] = replace(
        ANSWERING, added=(Added("wind_speed", ANSWERING.now - timedelta(days=40), ANSWERING.now - timedelta(days=20)),)
    )
    recent: ClassVar[timedelta] = timedelta(days=365)

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        if not evidence.added:
            return None
        slowest = max(evidence.added, key=lambda one: one.learnt - one.written)
        took = slowest.learnt - slowest.written
        words = f"{slowest.feature} took {max(took.days, 0)} days from its first line to a version"
        return Found(1.0 if took <= QUICK else 0.0, words, slowest.learnt, version_page(evidence, what="version"))
