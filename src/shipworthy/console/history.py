"""What the logbook holds of the data, as pages draw it: verdicts by subject, numbers by build."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shipworthy.bounds import WORST_FIRST, Outcome, worst
from shipworthy.console.catalog import LANDED, Relation
from shipworthy.console.sparkline import Sparkline, sparkline
from shipworthy.records import Measurement, Verdict

LONGEST = 60  # builds in a history

Said = list[tuple[datetime, Verdict]]


def relation_of(subject: str) -> str:
    """Return the relation that `subject`, a relation or a column of it, belongs to; a landed source is one by its two names.

    >>> relation_of("orders.paid"), relation_of("landed.orders.paid"), relation_of("landed.orders")
    ('orders', 'landed.orders', 'landed.orders')
    """
    names = 2 if subject.startswith(LANDED) else 1
    return ".".join(subject.split(".")[:names])


def column_of(subject: str) -> str | None:
    """Return the column that `subject` is, None for a relation as a whole."""
    return subject.removeprefix(f"{relation_of(subject)}.") if subject != relation_of(subject) else None


def of_subject(said: Said, subject: str) -> Said:
    """Return what was said of `subject` alone, worst first."""
    own = [(at, verdict) for at, verdict in said if verdict.subject == subject]
    return sorted(own, key=lambda pair: (WORST_FIRST.index(pair[1].outcome), pair[1].name))


def standing_of(relation: Relation, said: Said) -> tuple[Outcome, int, int]:
    """Return how `relation` stands by what was `said` last, how many of its verdicts are not a pass, and how many there are.

    Where no check looked the build's own word counts, and without one it is unknown.
    """
    own = [verdict.outcome for _, verdict in said if relation_of(verdict.subject) == relation.subject]
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


def outcomes_now(said: Said, found: Sequence[Relation]) -> dict[str, str]:
    """Return how each of `found` stands by what was `said` last, by what verdicts call it."""
    return {relation.subject: standing_of(relation, said)[0] for relation in found}


@dataclass(frozen=True, slots=True)
class Red:
    """A verdict on a relation, or on a column of it, that is not a pass."""

    at: datetime
    relation: str
    column: str | None
    verdict: Verdict


def red_of(said: Said, found: Sequence[Relation]) -> list[Red]:
    """Return what was last said of `found` and is not a pass, worst first."""
    names = {relation.subject: relation.name for relation in found}
    told = [(at, verdict, relation_of(verdict.subject)) for at, verdict in said if verdict.outcome != "pass"]
    red = [Red(at, names[subject], column_of(verdict.subject), verdict) for at, verdict, subject in told if subject in names]
    return sorted(red, key=_worst_first)


def _worst_first(red: Red) -> tuple[int, bool, str, str]:
    return WORST_FIRST.index(red.verdict.outcome), red.verdict.waived_by is not None, red.verdict.subject, red.verdict.name
