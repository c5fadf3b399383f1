"""How a model stands: one word for it, the figures behind the word, red first.

A firing alarm comes before a model that loses to its rule, that before a broken promise, that before
what is unknown. Silence is unknown: nothing measured, or nothing measured lately, keeps no promise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Engine

from shipworthy.console.words import between, day, number, span
from shipworthy.logbook import read
from shipworthy.records import Alert, Deployment, Promise, Stage, Verdict
from shipworthy.spec.model import ModelSpec

Status = Literal["alarm", "loses", "broken", "unknown", "refused", "absent", "fine"]
RED_FIRST: tuple[Status, ...] = ("alarm", "loses", "broken", "unknown", "refused", "absent", "fine")
LOUD = ("warning", "critical")
PATIENCE = 3  # windows without a measurement, after which the last one is news no more


@dataclass(frozen=True, slots=True)
class History:
    """What the logbook holds of one model; `metric` is the one that its promises are told in."""

    model: str
    metric: str | None
    ledger: list[Promise]
    deployments: list[Deployment]
    alerts: list[Alert]
    newest: int | None
    refusals: list[Verdict]  # the red gates of the newest version

    @property
    def champion(self) -> int | None:
        """The version that answers, None if none does."""
        return self.deployments[-1].version if self.deployments else None

    @property
    def spoken_of(self) -> int | None:
        """The version that the pages speak of: the champion, or the newest where none answers."""
        return self.champion if self.champion is not None else self.newest

    def lines(self, stage: Stage, version: int | None = None) -> list[Promise]:
        """Return the ledger's lines of `stage`, oldest window first; of `version` if given."""
        found = [line for line in self.ledger if line.stage == stage and version in (None, line.version)]
        return sorted(found, key=lambda line: (line.window.start, line.version))


@dataclass(frozen=True, slots=True)
class Standing:
    """A model's status, in a word and in words, and the newest realized number beside the promise and the rule."""

    status: Status
    words: str
    promised: Promise | None
    realized: Promise | None


def history(book: Engine, model: str, spec: ModelSpec | None) -> History:
    """Return what the logbook holds of `model`; `spec` is None where it cannot be read."""
    ledger, versions = read.promises(book, model), read.versions(book, model)
    metric = _metric(spec, ledger)
    newest = versions[-1].version if versions else None
    said = read.verdicts(book, subject=f"{model}@{newest}") if newest is not None else []
    red = [verdict for verdict in newest_of_each(said) if verdict.outcome != "pass" and verdict.waived_by is None]
    told = [line for line in ledger if line.metric == metric]
    return History(model, metric, told, read.deployments(book, model), read.alerts(book, model), newest, red)


def newest_of_each(said: Sequence[tuple[datetime, Verdict]]) -> list[Verdict]:
    """Return the first verdict of each guard; `said` is newest first."""
    found: dict[str, Verdict] = {}
    for _, verdict in said:
        found.setdefault(verdict.name, verdict)
    return list(found.values())


def _metric(spec: ModelSpec | None, ledger: Sequence[Promise]) -> str | None:
    target = spec.brief.target if spec else None
    asked = (spec.evaluation.metric if spec else None) or (target.metric if target else None)
    known = [line.metric for line in ledger]
    return asked if asked in known or not known else known[-1]


def standing(known: History, spec: ModelSpec | None, now: datetime) -> Standing:
    """Return how the model stands at `now`."""
    promised = next(iter(known.lines("offline", known.spoken_of)[-1:]), None)
    realized = next(iter(known.lines("realized", known.spoken_of)[-1:]), None)
    status, words = _status(known, spec, now, promised, realized)
    return Standing(status, words, promised, realized)


def _status(
    known: History, spec: ModelSpec | None, now: datetime, promised: Promise | None, realized: Promise | None
) -> tuple[Status, str]:
    firing = [alert for alert in known.alerts if alert.state == "firing" and alert.severity in LOUD]
    if firing:
        return "alarm", _first_of([alert.words for alert in firing])
    if known.champion is None:
        return _before_the_first(known)
    if realized and realized.difference and realized.difference.low > 0:
        return "loses", f"Over {span(realized.window)} the rule was better: {_beside_the_rule(realized)}"
    if realized and promised and realized.interval and promised.interval and realized.interval.low > promised.interval.high:
        return "broken", f"Promised {_figure(promised)}, realized {_figure(realized)} over {span(realized.window)}."
    doubt = _doubt(known, spec, now, promised, realized)
    return (
        ("unknown", doubt)
        if doubt
        else ("fine", f"What was realized over {span(_sure(realized).window)} is not clearly worse than promised.")
    )


def _before_the_first(known: History) -> tuple[Status, str]:
    if known.newest is None:
        return "absent", f"No version yet: run 'shipworthy train {known.model}'."
    if known.refusals:
        return "refused", _first_of([verdict.words for verdict in known.refusals])
    if known.deployments:
        return "absent", f"No version answers since {day(known.deployments[-1].at)}: {known.deployments[-1].why}"
    return "absent", f"Version {known.newest} waits for its promotion: run 'shipworthy promote {known.model}'."


def _doubt(known: History, spec: ModelSpec | None, now: datetime, promised: Promise | None, realized: Promise | None) -> str:
    """Return why nobody can say that the promise is kept; nothing if one can."""
    since = known.deployments[-1].at
    if realized is None:
        return f"Version {known.champion} answers since {day(since)}; none of its outcomes has been measured yet."
    if realized.value is None or realized.interval is None:
        return f"Nothing could be said of {span(realized.window)}: {realized.rows:,} rows are too few."
    if promised is None or promised.interval is None:
        return f"Nobody knows what version {known.champion} promised."
    if spec is None:
        return "Its spec cannot be read."
    latest = realized.window.end + spec.label.horizon + PATIENCE * spec.monitoring.window + timedelta(days=1)
    return f"Nothing was measured since {day(realized.window.end)}." if now > latest else ""


def _sure(promise: Promise | None) -> Promise:
    assert promise is not None
    return promise


def _figure(promise: Promise) -> str:
    return f"{number(promise.value)} {between(promise.interval, promise.value)}".strip()


def _beside_the_rule(promise: Promise) -> str:
    return f"{number(promise.rule)} against the model's {number(promise.value)}."


def _first_of(said: list[str]) -> str:
    more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
    return said[0] + more
