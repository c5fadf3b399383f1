"""Records out: what the logbook knows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, func, select

from shipworthy.logbook import tables
from shipworthy.records import Alert, Deployment, Interval, Measurement, ModelVersion, Promise, Step, Verdict, Window


def steps(book: Engine, run: str | None = None) -> list[Step]:
    """Return the steps of `run`, or of all runs, in order of start."""
    query = select(tables.steps).order_by(tables.steps.c.started_at)
    return [Step(**row._mapping) for row in _rows(book, query if run is None else query.where(tables.steps.c.run == run))]


def versions(book: Engine, model: str | None = None) -> list[ModelVersion]:
    """Return all versions of `model`, or of all models, oldest first."""
    query = select(tables.versions).order_by(tables.versions.c.model, tables.versions.c.version)
    return [ModelVersion(**row._mapping) for row in _rows(book, query if model is None else query.where(tables.versions.c.model == model))]


def version(book: Engine, model: str, number: int) -> ModelVersion | None:
    """Return one version, None if there is none."""
    return next((found for found in versions(book, model) if found.version == number), None)


def verdicts(book: Engine, *, run: str | None = None, subject: str | None = None) -> list[tuple[datetime, Verdict]]:
    """Return when and what the guards said, newest first: of `run`, of `subject`, or all."""
    query = select(tables.verdicts).order_by(tables.verdicts.c.at.desc(), tables.verdicts.c.name)
    if run is not None:
        query = query.where(tables.verdicts.c.run == run)
    if subject is not None:
        query = query.where(tables.verdicts.c.subject == subject)
    return [(row.at, _verdict(row)) for row in _rows(book, query)]


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(row.name, row.subject, row.outcome, row.words, row.fix, row.evidence, row.waived_by)


def deployments(book: Engine, model: str | None = None) -> list[Deployment]:
    """Return the deployment history of `model`, or of all models, oldest first."""
    query = select(tables.deployments).order_by(tables.deployments.c.id)
    rows = _rows(book, query if model is None else query.where(tables.deployments.c.model == model))
    return [Deployment(row.model, row.version, row.at, row.action, row.who, row.why) for row in rows]


def champion(book: Engine, model: str, at: datetime | None = None) -> int | None:
    """Return the version of `model` that answers now, or answered at the moment `at`; None if none."""
    history = [line for line in deployments(book, model) if at is None or line.at <= at]
    return history[-1].version if history else None


def promises(book: Engine, model: str | None = None) -> list[Promise]:
    """Return the ledger of `model`, or of all models, by version, stage and window."""
    ledger = tables.promises.c
    query = select(tables.promises).order_by(ledger.model, ledger.version, ledger.stage, ledger.window_start)
    return [_promise(row) for row in _rows(book, query if model is None else query.where(ledger.model == model))]


def _promise(row: Row[Any]) -> Promise:
    return Promise(
        row.model,
        row.version,
        row.stage,
        row.metric,
        Window(row.window_start, row.window_end),
        row.rows,
        row.value,
        _interval(row.low, row.high, row.level),
        row.rule,
        _interval(row.difference_low, row.difference_high, row.level),
        row.measured_at,
    )


def _interval(low: float | None, high: float | None, level: float | None = None) -> Interval | None:
    return None if low is None or high is None else Interval(low, high, 0.95 if level is None else level)


def measurements(book: Engine, *, name: str | None = None, subject: str | None = None, like: str | None = None) -> list[Measurement]:
    """Return measurements, oldest first: of `name`, of `subject`, of subjects that match the SQL pattern `like`."""
    column = tables.measurements.c
    query = select(tables.measurements).order_by(column.at, column.subject, column.name)
    for condition, wanted in ((column.name == name, name), (column.subject == subject, subject), (column.subject.like(like or ""), like)):
        query = query.where(condition) if wanted is not None else query
    return [_measurement(row) for row in _rows(book, query)]


def _measurement(row: Row[Any]) -> Measurement:
    window = Window(row.window_start, row.window_end) if row.window_start and row.window_end else None
    return Measurement(row.name, row.subject, row.value, row.at, row.rows, _interval(row.low, row.high), window)


def alerts(book: Engine, model: str | None = None, *, open_only: bool = False) -> list[Alert]:
    """Return the alerts of `model`, or of all models, newest first; `open_only` leaves out the recovered."""
    query = select(tables.alerts).order_by(tables.alerts.c.first_seen.desc())
    if model is not None:
        query = query.where(tables.alerts.c.model == model)
    found = [Alert(**row._mapping) for row in _rows(book, query)]
    return [alert for alert in found if not open_only or alert.state != "recovered"]


def undelivered(book: Engine, now: datetime) -> list[Row[Any]]:
    """Return the queued messages that are due at `now`, oldest first."""
    waiting = tables.outbox.c
    return _rows(book, select(tables.outbox).where(waiting.sent_at.is_(None), waiting.next_at <= now).order_by(waiting.id))


def messages(book: Engine) -> list[Row[Any]]:
    """Return every queued message, oldest first."""
    return _rows(book, select(tables.outbox).order_by(tables.outbox.c.id))


def lease_holder(book: Engine, name: str, now: datetime) -> str | None:
    """Return who holds the lease `name`, None if it is free or lapsed."""
    lease = tables.leases.c
    rows = _rows(book, select(tables.leases).where(lease.name == name, lease.until >= now))
    return rows[0].holder if rows else None


def count(book: Engine, table: str) -> int:
    """Return how many rows `table` of the logbook has."""
    return int(_rows(book, select(func.count()).select_from(tables.METADATA.tables[table]))[0][0])


def _rows(book: Engine, query: Select[Any]) -> list[Row[Any]]:
    with book.connect() as connection:
        return list(connection.execute(query).fetchall())
