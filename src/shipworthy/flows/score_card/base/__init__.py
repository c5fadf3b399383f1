"""What a test of the ML Test Score is: what the paper asks, which evidence counts, and what it is worth."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar, Literal

from shipworthy.flows.papers.base import Source
from shipworthy.flows.score_card.base.evidence import Evidence

SectionName = Literal["data", "model", "infrastructure", "monitoring"]
SECTIONS: dict[SectionName, str] = {
    "data": "Features and data",
    "model": "Model development",
    "infrastructure": "ML infrastructure",
    "monitoring": "Monitoring",
}
WATCHED = timedelta(days=30)  # evidence of what must go on all the time
TRAINED = timedelta(days=180)  # evidence that a training leaves
BY_HAND = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of evidence: what it is worth (1 automatic and whole, 0.5 half of it, 0 it says the contrary), since when, in words."""

    points: float
    words: str
    at: datetime
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What one test scores, and why; `improve` says what would raise it, empty at its most."""

    test: str
    section: SectionName
    number: int
    asks: str
    points: float
    words: str
    source: Source | None
    improve: str


class ScoreTest(ABC):
    """One of the 28 tests. A member's docstring says what the paper asks, and which evidence counts.

    `shows` is evidence that gives its `most` points; without any it gives none. Evidence older than `recent` counts for nothing.

    Source: Breck, Cai, Nielsen, Salib, Sculley (2017), The ML Test Score, sections II to V; scoring of section VI.
    """

    section: ClassVar[SectionName]
    number: ClassVar[int]
    asks: ClassVar[str]
    improve: ClassVar[str]
    shows: ClassVar[Evidence]
    most: ClassVar[float] = 1.0
    recent: ClassVar[timedelta] = TRAINED

    @property
    def name(self) -> str:
        """The test's name: its file's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def look(self, evidence: Evidence) -> Found | None:
        """Return what the project's evidence is worth, None where there is none."""

    def score(self, evidence: Evidence) -> Score:
        """Return the score: of evidence that is recent, or half of it for what was done by hand and written down."""
        found = self._recent(self.look(evidence), evidence.now)
        hand = self._by_hand(evidence)
        best = hand if hand and hand.points > found.points else found
        improve = "" if best.points >= 1 else self.improve
        return Score(self.name, self.section, self.number, self.asks, best.points, best.words, best.source, improve)

    def _recent(self, found: Found | None, now: datetime) -> Found:
        if found is None:
            return Found(0.0, "No evidence.", now)
        if found.at > now:
            return replace(found, points=0.0, words=f"Not yet known: it is of {found.at:%Y-%m-%d}.")
        if found.points and now - found.at > self.recent:
            return replace(found, points=0.0, words=f"Too old, of {found.at:%Y-%m-%d}: {found.words}")
        return found

    def _by_hand(self, evidence: Evidence) -> Found | None:
        done = evidence.by_hand.get(self.name)
        at = datetime.combine(done.when, time(), UTC) if done else evidence.now
        if done is None or evidence.now - at > BY_HAND or at > evidence.now:
            return None
        source = Source((), f"ml/{evidence.model}/by_hand.yml")
        return Found(0.5, f"By hand, {done.by} on {done.when}: {done.found}", at, source)
