"""Whether the SQL of features has unit tests that pass."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, guards, with_said


class FeatureCodeTested(ScoreTest):
    """All input feature code is tested.

    Counts: a unit test of dbt on every dbt model above the features, and dbt's tests green in a build of the last 30 days.
    Tests of data do not test code.
    """

    section: ClassVar[SectionName] = "data"
    number: ClassVar[int] = 7
    asks: ClassVar[str] = "All input feature code is tested."
    improve: ClassVar[str] = "write a unit test in dbt for each model above the features"
    shows: ClassVar[Evidence] = replace(with_said(ANSWERING, *(("dbt_tests", relation) for relation in ANSWERING.relations)), untested=())
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        found = guards(evidence, ("dbt_tests",), evidence.relations)
        if found is None or evidence.untested is None:
            return None
        if evidence.untested:
            return replace(found, points=0.0, words=f"no unit test is about {', '.join(evidence.untested)}")
        return replace(found, words=f"every model above the features has a unit test; {found.words}")
