"""Records in: every function is idempotent unless it says that it appends."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from shipworthy.logbook import tables
from shipworthy.records import Alert, Deployment, Interval, Measurement, ModelVersion, Promise, Step, Verdict

Row = dict[str, Any]


def step(book: Engine, record: Step) -> None:
    """Keep the last word on a step."""
    _put(book, tables.steps, [asdict(record) | {"detail": dict(record.detail)}])


def version(book: Engine, record: ModelVersion) -> None:
    """Keep a model version; one that is there already is replaced."""
    _put(book, tables.versions, [asdict(record)])


def next_version(book: Engine, model: str) -> int:
    """Return the number that the next version of `model` gets."""
    with book.connect() as connection:
        last = connection.scalar(select(func.max(tables.versions.c.version)).where(tables.versions.c.model == model))
    return int(last or 0) + 1


def verdicts(book: Engine, run: str, at: datetime, records: Iterable[Verdict], *, whole: bool = False) -> None:
    """Keep what the guards said in `run`; `whole` says that it is all that they said, in place of what was said in it before."""
    rows = [asdict(record) | {"evidence": dict(record.evidence), "run": run, "at": at} for record in records]
    _put(book, tables.verdicts, rows, instead_of=tables.verdicts.c.run == run if whole else None)


def deployment(book: Engine, record: Deployment) -> None:
    """Append to the deployment history; a repeat of the newest line (same version, moment, action) is not appended."""
    history = tables.deployments
    with book.begin() as connection:
        newest = connection.execute(select(history).where(history.c.model == record.model).order_by(history.c.id.desc()).limit(1)).first()
        same = newest and (newest.version, newest.at, newest.action) == (record.version, record.at, record.action)
        if not same:
            connection.execute(history.insert().values(**asdict(record)))


def promises(book: Engine, records: Iterable[Promise]) -> None:
    """Keep lines of the ledger; a line for the same window is replaced."""
    _put(book, tables.promises, [_promise(record) for record in records])


def _promise(record: Promise) -> Row:
    return {
        "model": record.model,
        "version": record.version,
        "stage": record.stage,
        "metric": record.metric,
        "window_start": record.window.start,
        "window_end": record.window.end,
        "rows": record.rows,
        "value": record.value,
        **_ends(record.interval),
        "rule": record.rule,
        **_ends(record.difference, "difference_"),
        "measured_at": record.measured_at,
        "level": (record.interval or record.difference or Interval(0, 0)).level,
    }


def _ends(interval: Interval | None, prefix: str = "") -> Row:
    return {f"{prefix}low": interval.low if interval else None, f"{prefix}high": interval.high if interval else None}


def measurements(book: Engine, records: Iterable[Measurement]) -> None:
    """Keep measurements; one of the same name, subject and moment is replaced."""
    _put(book, tables.measurements, [_measurement(record) for record in records])


def _measurement(record: Measurement) -> Row:
    window = record.window
    return {
        "name": record.name,
        "subject": record.subject,
        "at": record.at,
        "value": record.value,
        "rows": record.rows,
        **_ends(record.interval),
        "window_start": window.start if window else None,
        "window_end": window.end if window else None,
    }


def alerts(book: Engine, records: Iterable[Alert]) -> None:
    """Keep the last word on each alert."""
    _put(book, tables.alerts, [asdict(record) for record in records])


def queue(book: Engine, once: str, message: Mapping[str, Any]) -> None:
    """Queue a message for delivery, once for each `once`."""
    try:
        with book.begin() as connection:
            connection.execute(tables.outbox.insert().values(once=once, attempts=0, trouble="", sent_at=None, **message))
    except IntegrityError:
        return


def tried(book: Engine, message: int, *, attempts: int, next_at: datetime, sent_at: datetime | None, trouble: str) -> None:
    """Keep what came of trying to deliver a message."""
    change = update(tables.outbox).where(tables.outbox.c.id == message)
    with book.begin() as connection:
        connection.execute(change.values(attempts=attempts, next_at=next_at, sent_at=sent_at, trouble=trouble))


def take_lease(book: Engine, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Return whether `holder` now holds the lease `name`: it was free, lapsed, or its own."""
    lease = tables.leases
    try:
        with book.begin() as connection:
            connection.execute(delete(lease).where(lease.c.name == name, (lease.c.until < now) | (lease.c.holder == holder)))
            connection.execute(lease.insert().values(name=name, holder=holder, until=now + length))
    except IntegrityError:
        return False
    return True


def release_lease(book: Engine, name: str, holder: str) -> None:
    """Let go of the lease `name`, if `holder` holds it."""
    with book.begin() as connection:
        connection.execute(delete(tables.leases).where(tables.leases.c.name == name, tables.leases.c.holder == holder))


def _put(book: Engine, table: Table, rows: list[Row], *, instead_of: ColumnElement[bool] | None = None) -> None:
    """Insert or replace `rows` by primary key, all or none; those `instead_of` which they are kept go."""
    with book.begin() as connection:
        if instead_of is not None:
            connection.execute(delete(table).where(instead_of))
        for row in rows:
            _replace(connection, table, row)


def _replace(connection: Connection, table: Table, row: Row) -> None:
    same = [column == row[column.name] for column in table.primary_key]
    if connection.execute(update(table).where(*same).values(**row)).rowcount == 0:
        connection.execute(table.insert().values(**row))
