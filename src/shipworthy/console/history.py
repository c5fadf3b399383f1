"""What the logbook holds of the data, as pages draw it: verdicts by subject, numbers by build."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.bounds import WORST_FIRST, Outcome, worst
from shipworthy.console.catalog import Relation
from shipworthy.console.sparkline import Sparkline, sparkline
from shipworthy.logbook.latest import latest_verdicts
from shipworthy.records import Measurement, Verdict

LONGEST = 60  # builds in a history

Said = list[tuple[datetime, Verdict]]


def relation_of(subject: str) -> str:
    """Return the relation that `subject`, a relation or a column of it, belongs to."""
    return subject.partition(".")[0]


def of_subject(said: Said, subject: str) -> Said:
    """Return what was said of `subject` alone, worst first."""
    own = [(at, verdict) for at, verdict in said if verdict.subject == subject]
    return sorted(own, key=lambda pair: (WORST_FIRST.index(pair[1].outcome), pair[1].name))


def standing_of(relation: Relation, said: Said) -> tuple[Outcome, int, int]:
    """Return how `relation` stands by what was `said` last, how many of its verdicts are not a pass, and how many there are.

    Where no check looked the build's own word counts, and without one it is unknown.
    """
    own = [verdict.outcome for _, verdict in said if relation_of(verdict.subject) == relation.name]
    red = sum(outcome != "pass" for outcome in own)
    if relation.sound is False:
        return "fail", red, len(own)
    return ("pass" if relation.sound and not own else worst(own)), red, len(own)


def by_subject(measured: Sequence[Measurement]) -> Mapping[str, list[Measurement]]:
    """Return measurements by their subject, in their order."""
    found: dict[str, list[Measurement]] = {}
    for one in measured:
        found.setdefault(one.subject, []).append(one)
    return found


def line_of(measured: Sequence[Measurement], what: str) -> Sparkline | None:
    """Return the line through the last of `measured`, one for each build."""
    values = [one.value for one in measured][-LONGEST:]
    return sparkline(values, words=f"{what} over the last {len(values)} builds")


def outcomes_now(book: Engine, found: Sequence[Relation]) -> dict[str, str]:
    """Return how each relation that the last build knows stands, by name."""
    said = latest_verdicts(book)
    return {relation.name: standing_of(relation, said)[0] for relation in found}


def red_of(said: Said, found: Sequence[Relation]) -> Said:
    """Return what was last said of `found` and is not a pass, worst first."""
    names = {relation.name for relation in found}
    red = [(at, verdict) for at, verdict in said if verdict.outcome != "pass" and relation_of(verdict.subject) in names]
    return sorted(red, key=lambda pair: (WORST_FIRST.index(pair[1].outcome), pair[1].waived_by is not None, pair[1].subject, pair[1].name))
