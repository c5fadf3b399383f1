"""When a replay is due in the loop, and who is told of it."""

from datetime import datetime

from sqlalchemy import Engine

from shipworthy.alerting.conditions import LOOKED_BACK, advance
from shipworthy.alerting.outbox import announce, deliver
from shipworthy.flows.replay import EQUAL, NAME, Replayed, yesterday
from shipworthy.logbook import read
from shipworthy.records import Alert, Window
from shipworthy.spec.project import Project, model


def due(book: Engine, name: str, as_of: datetime) -> Window | None:
    """Return the whole days before `as_of` that were not replayed yet, None where all were; before the first replay it is yesterday."""
    last = yesterday(as_of)
    done = [measured.at for measured in read.measurements(book, name=EQUAL, subject=name)]
    if not done:
        return last
    return Window(max(done), last.end) if max(done) < last.end else None


def alarm(project: Project, book: Engine, replayed: Replayed, now: datetime) -> list[Alert]:
    """Begin, fire or end the alert that served features are not what the lake gives; return those that fire now.

    It fires at once: what was served is a fact, not a sample. It is over with the first replay that passes.
    """
    said = [(at, verdict) for at, verdict in read.verdicts(book, subject=replayed.model) if verdict.name == NAME]
    ends = {measured.at: measured.window for measured in read.measurements(book, name=EQUAL, subject=replayed.model)}
    history = [(window, [verdict]) for at, verdict in reversed(said[:LOOKED_BACK]) if (window := ends.get(at))]
    spec = model(project, replayed.model)
    changed = advance(replayed.model, read.alerts(book, replayed.model), history, hold=1, severities={NAME: "warning"}, now=now)
    announce(book, changed, project.settings.alerts, now=now, owner=spec.brief.owner, causes={NAME: "pipeline"})
    deliver(book, now)
    return [alert for alert in changed if alert.state == "firing"]
