"""Whether the whole chain runs through, again and again."""

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from shipworthy.flows.papers.base import Source
from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, stepped


class PipelineIntegrated(ScoreTest):
    """The full ML pipeline is integration tested.

    Counts: within the last 30 days two runs whose every step ended well, and within 180 one that trained a version; half for
    one of the two.
    """

    section: ClassVar[SectionName] = "infrastructure"
    number: ClassVar[int] = 3
    asks: ClassVar[str] = "The full ML pipeline is integration tested."
    improve: ClassVar[str] = "let 'shipworthy up' or a scheduler call 'shipworthy run', and mend the steps that fail"
    shows: ClassVar[Evidence] = replace(
        ANSWERING, steps=(stepped(2, "build"), stepped(1, "build"), stepped(1, f"retrain {ANSWERING.model}", version=2))
    )

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        whole, trained = _whole(evidence), [step for step in evidence.steps if step.status == "done" and step.detail.get("version")]
        fresh = [at for at in whole if evidence.now - at <= WATCHED]
        learnt = [step.started_at for step in trained if evidence.now - step.started_at <= self.recent]
        if not fresh and not learnt:
            return None
        words = f"{len(fresh)} whole runs in {WATCHED.days} days, {len(learnt)} trainings in runs in {self.recent.days}"
        return Found(1.0 if len(fresh) > 1 and learnt else 0.5, words, max(fresh + learnt), Source(("runs",), "runs"))


def _whole(evidence: Evidence) -> list[datetime]:
    """Return when each run began whose every step ended well."""
    ordered = sorted(evidence.steps, key=lambda step: (step.run, step.started_at))
    runs = [list(steps) for _, steps in groupby(ordered, key=lambda step: step.run)]
    return [run[0].started_at for run in runs if all(step.status == "done" and step.detail.get("sound", True) for step in run)]
