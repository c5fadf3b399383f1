"""Whether versions that promised more also gave more."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, model_page, promised
from shipworthy.records import Stage

FEWEST = 3  # versions
STAGES: tuple[Stage, ...] = ("offline", "realized")


class OfflineTracksOnline(ScoreTest):
    """Offline proxy metrics correlate with actual online impact metrics.

    Counts half: of at least three versions that answered, those with the better promise did better on matured outcomes
    (Spearman 1904, rank correlation above 0). Blind to the business metric.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 2
    asks: ClassVar[str] = "Offline proxy metrics correlate with actual online impact metrics."
    improve: ClassVar[str] = (
        "let three versions answer; show in by_hand.yml how the business metric moved with the model metric, as by an experiment"
    )
    shows: ClassVar[Evidence] = replace(
        ANSWERING, promises=tuple(promised(one, stage, 40 - one, 10.0 + one) for one in (1, 2, 3) for stage in STAGES)
    )
    most: ClassVar[float] = 0.5

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        pairs = [pair for version in sorted({line.version for line in evidence.promises}) if (pair := _pair(evidence, version))]
        if len(pairs) < FEWEST:
            return None
        offline, realized = (np.argsort(np.argsort(side)) for side in zip(*pairs, strict=True))
        agrees = float(np.corrcoef(offline, realized)[0, 1])
        last = max(line.measured_at for line in evidence.promises if line.stage == "realized")
        words = f"over {len(pairs)} versions, promise and outcome have a rank correlation of {agrees:.2f}"
        return Found(0.5 if agrees > 0 else 0.0, words, last, model_page(evidence, "ledger"))


def _pair(evidence: Evidence, version: int) -> tuple[float, float] | None:
    """Return what a version promised and the mean of what came true, None where one is not known."""
    lines = [line for line in evidence.promises if line.version == version and line.value is not None]
    sides = [[line.value for line in lines if line.stage == stage and line.value is not None] for stage in STAGES]
    return (sides[0][-1], sum(sides[1]) / len(sides[1])) if all(sides) else None
