"""Whether the version that answers is younger than its policy asks."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, model_page, stepped
from shipworthy.registry.gates.base import EXAMPLE
from shipworthy.spec.model import Retraining

AGED = EXAMPLE.spec.model_copy(update={"retraining": Retraining(every=timedelta(weeks=8))})


class NotTooStale(ScoreTest):
    """Models are not too stale.

    Counts: retraining.every in the spec, a version that answers and is not older, and a step that looks at it in runs of the
    last 30 days; half without such a step.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 4
    asks: ClassVar[str] = "Models are not too stale."
    improve: ClassVar[str] = "write retraining.every, and run on schedule"
    shows: ClassVar[Evidence] = replace(ANSWERING, spec=AGED, steps=(stepped(1, f"retrain {ANSWERING.model}"),))
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        every = evidence.spec.retraining.every if evidence.spec else None
        if every is None or evidence.version is None or not evidence.answers:
            return None
        age, source = evidence.now - evidence.version.as_of, model_page(evidence, "deployments")
        words = f"version {evidence.version.version} is {age.days} days old, {every.days} are asked for at most"
        if age > every:
            return Found(0.0, words, evidence.version.created_at, source)
        looks = [step.started_at for step in evidence.steps if step.name == f"retrain {evidence.model}" and step.status == "done"]
        last = max(looks, default=evidence.version.created_at)
        watched = bool(looks) and evidence.now - last <= self.recent
        return Found(1.0 if watched else 0.5, words if watched else f"{words}; nothing looks at it", last, source)
