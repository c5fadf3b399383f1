"""Whether the model became slower."""

from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import ClassVar

from shipworthy.flows.papers.base import Source
from shipworthy.flows.score_card.base import WATCHED, Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, stepped
from shipworthy.records import Step

FEWEST, TIMES = 6, 2.0
FLOOR = 1.0  # seconds, below which twice as long is noise


class ComputingWatched(ScoreTest):
    """The model has not experienced dramatic or slow-leak regressions in training speed, serving latency, throughput, or RAM usage.

    Counts half: over at least six runs, the last one of each step of the model took at most twice the median of those before.
    Blind to latency and memory of the service, which Prometheus has and nobody judges.
    """

    section: ClassVar[SectionName] = "monitoring"
    number: ClassVar[int] = 6
    asks: ClassVar[str] = (
        "The model has not experienced dramatic or slow-leak regressions in training speed, serving latency, throughput, or RAM usage."
    )
    improve: ClassVar[str] = "run on schedule; let Prometheus judge latency and memory of the service, and write it in by_hand.yml"
    shows: ClassVar[Evidence] = replace(ANSWERING, steps=tuple(stepped(day, f"monitor {ANSWERING.model}") for day in range(8, 0, -1)))
    most: ClassVar[float] = 0.5
    recent: ClassVar[timedelta] = WATCHED

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        by_name: dict[str, list[Step]] = {}
        for step in evidence.steps:
            if step.name.endswith(f" {evidence.model}") and step.status == "done" and step.ended_at:
                by_name.setdefault(step.name, []).append(step)
        long = {name: steps for name, steps in by_name.items() if len(steps) >= FEWEST}
        if not long:
            return None
        slow = [name for name, steps in long.items() if _seconds(steps[-1]) > max(FLOOR, TIMES * median(map(_seconds, steps[:-1])))]
        words = f"slower than usual: {', '.join(slow)}" if slow else f"as fast as usual: {', '.join(long)}"
        return Found(0.0 if slow else 0.5, words, max(steps[-1].started_at for steps in long.values()), Source(("runs",), "runs"))


def _seconds(step: Step) -> float:
    return ((step.ended_at or step.started_at) - step.started_at).total_seconds()
