"""Whether somebody hears when what the data depends on changes."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, guards, with_said


class DependencyChanges(ScoreTest):
    """Dependency changes result in notification.

    Counts: every landed source above the model held to its contract in the last 30 days, and a route for alarms; half without a
    route.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 1
    asks: ClassVar[str] = "Dependency changes result in notification."
    improve: ClassVar[str] = "write contracts for the sources, an alert route in shipworthy.yml, and build on schedule"
    shows: ClassVar[Evidence] = replace(
        with_said(ANSWERING, ("quarantine", "landed.departures")), sources=("landed.departures",), routed=True
    )
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        found = guards(evidence, ("quarantine", "column_contract"), evidence.sources)
        if found is None or evidence.routed:
            return found
        return replace(found, points=min(found.points, 0.5), words=f"nobody is told, alerts has no route; {found.words}")
