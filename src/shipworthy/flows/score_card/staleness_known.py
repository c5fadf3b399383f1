"""Whether anybody knows how a version ages."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from shipworthy.flows.score_card.base import Found, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence
from shipworthy.flows.score_card.base.looking import ANSWERING, model_page, promised

USUAL = timedelta(days=56)
WINDOWS, LINES = 4, 3


class StalenessKnown(ScoreTest):
    """The impact of model staleness is known.

    Counts: at least four measured windows of one version that reach the age at which it is trained again (56 days where none is
    said); half for three lines of a backtest.
    """

    section: ClassVar[SectionName] = "model"
    number: ClassVar[int] = 4
    asks: ClassVar[str] = "The impact of model staleness is known."
    improve: ClassVar[str] = "let 'shipworthy monitor' measure a version until it is due for retraining, or run 'shipworthy backtest'"
    shows: ClassVar[Evidence] = replace(ANSWERING, promises=tuple(promised(1, "realized", days, 12.0) for days in (70, 50, 30, 10)))

    def look(self, evidence: Evidence) -> Found | None:
        """Return what the evidence is worth, None where there is none."""
        spec = evidence.spec
        due = spec.retraining.every if spec and spec.retraining.every else USUAL
        for version in sorted({line.version for line in evidence.promises}, reverse=True):
            lines = [line for line in evidence.promises if (line.version, line.stage) == (version, "realized") and line.value is not None]
            first, last = min((line.window.start for line in lines), default=None), max((line.window.end for line in lines), default=None)
            if first and last and len(lines) >= WINDOWS and last - first >= due:
                words = f"version {version} was measured over {len(lines)} windows, to an age of {(last - first).days} days"
                return Found(1.0, words, last, model_page(evidence, "ledger"))
        repeated = [line for line in evidence.promises if line.stage == "backtest" and line.value is not None]
        words = f"a backtest has {len(repeated)} lines; how one version ages is not in it"
        return (
            Found(0.5, words, max(line.measured_at for line in repeated), model_page(evidence, "ledger"))
            if len(repeated) >= LINES
            else None
        )
