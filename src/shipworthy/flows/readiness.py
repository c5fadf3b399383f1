"""`score-card`: the ML Test Score of a project, each of its 28 tests computed from evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.errors import UnknownName
from shipworthy.families import members
from shipworthy.flows import score_card
from shipworthy.flows.score_card.base import SECTIONS, Score, ScoreTest, SectionName
from shipworthy.flows.score_card.base.evidence import Evidence, gather
from shipworthy.spec.by_hand import FILE
from shipworthy.spec.project import Project, model, models

# Breck et al. (2017), table V: the score up to which, both ends as they are written there.
READINGS: Sequence[tuple[float, str]] = (
    (0.0, "More of a research project than a productionized system."),
    (1.0, "Not totally untested, but it is worth considering the possibility of serious holes in reliability."),
    (2.0, "There has been a first pass at basic productionization, but additional investment may be needed."),
    (3.0, "Reasonably tested, but it is possible that more of those tests and procedures may be automated."),
    (5.0, "Strong levels of automated testing and monitoring, appropriate for mission-critical systems."),
    (7.0, "Exceptional levels of automated testing and monitoring."),
)


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The ML Test Score of one model: every test in the order of the paper, the sum of each section, and the least of these."""

    model: str
    at: datetime
    scores: tuple[Score, ...]
    sections: Mapping[SectionName, float]
    final: float
    reading: str


def cards(project: Project, book: Engine, name: str | None, now: datetime) -> list[ScoreCard]:
    """Return the score card of the model `name`, or of each model of the project if None, the lowest first.

    Raises:
        UnknownName: no such model, or `by_hand.yml` names no test.
    """
    specs = [model(project, name)] if name else list(models(project).values())
    return sorted((card(gather(project, book, spec, now)) for spec in specs), key=lambda one: (one.final, one.model))


def card(evidence: Evidence) -> ScoreCard:
    """Return the score card of one model.

    Raises:
        UnknownName: something was done by hand for a test that there is not.
    """
    tests = members(score_card, ScoreTest)  # type: ignore[type-abstract]
    for test in evidence.by_hand:
        if test not in tests:
            raise UnknownName.of("test", test, known=tests, where=f"ml/{evidence.model}/{FILE}")
    order = list(SECTIONS)
    scores = sorted((one.score(evidence) for one in tests.values()), key=lambda score: (order.index(score.section), score.number))
    sums = {section: sum(score.points for score in scores if score.section == section) for section in SECTIONS}
    final = min(sums.values())
    return ScoreCard(evidence.model, evidence.now, tuple(scores), sums, final, reading(final))


def reading(final: float) -> str:
    """Return what a score means.

    >>> reading(0), reading(0.5)[:22], reading(5.5)[:11]
    ('More of a research project than a productionized system.', 'Not totally untested, ', 'Exceptional')

    Source:
        Breck et al. (2017), table V.
    """
    return next(words for most, words in READINGS if final <= most)
