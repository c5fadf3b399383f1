"""Messages that arrive: queued in the logbook with the alert, delivered through Apprise, tried again until they are.

A route is the name of an environment variable; its value, the Apprise URL, is a secret. It is read when a message is
delivered, and goes nowhere else: not into the logbook, an error, or a log.
"""

import logging
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import apprise
from sqlalchemy import Engine

from shipworthy.alerting.message import Cause, Message, compose
from shipworthy.logbook import read, write
from shipworthy.records import Alert, Severity
from shipworthy.spec.settings import AlertRoute

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))  # after each failed try; the last one for good
LONGEST_TRY_SECONDS = 30.0
LOUD_LIBRARIES = ("apprise", "urllib3", "urllib3.connectionpool", "requests")  # their logs may name the URL
_KINDS: Mapping[Severity, str] = {"info": "info", "warning": "warning", "critical": "failure"}


def announce(
    book: Engine,
    changed: Sequence[Alert],
    routes: Sequence[AlertRoute],
    *,
    now: datetime,
    causes: Mapping[str, Cause] | None = None,
    owner: str | None = None,
) -> list[Message]:
    """Keep `changed` alerts and queue what is to be told of them, once for each route; return the messages.

    Messages are queued before the alerts are kept: cut off between the two, the same call again tells everything, once.
    """
    places = {(alert.key, alert.first_seen): alert for alert in (*read.alerts(book), *changed)}
    firing = [alert for alert in places.values() if alert.state == "firing"]
    messages = compose(changed, firing=firing, causes=causes, owner=owner)
    for message in messages:
        for route in routes:
            if message.severity in route.severities:
                _queue(book, message, route.url_from, now)
    write.alerts(book, changed)
    return messages


def _queue(book: Engine, message: Message, route: str, now: datetime) -> None:
    told = {"route": route, "title": message.title, "body": message.body, "severity": message.severity, "queued_at": now, "next_at": now}
    write.queue(book, f"{message.once} {route}", told)


def deliver(book: Engine, now: datetime) -> int:
    """Try every queued message that is due, and return how many were delivered; never raises for one that was not.

    What went wrong is kept with the message, in words that hold no secret, and it is tried again after 1, 5, 15, 60,
    then every 240 minutes. A message may arrive twice if the process ends between delivery and the note of it.
    """
    return sum(_tried(book, row, now) for row in read.undelivered(book, now))


def _tried(book: Engine, row: Any, now: datetime) -> bool:
    trouble = _send(row.route, row.title, row.body, row.severity)
    next_at = now + WAITS[min(row.attempts, len(WAITS) - 1)]
    write.tried(book, row.id, attempts=row.attempts + 1, next_at=next_at, sent_at=None if trouble else now, trouble=trouble)
    return not trouble


def _send(route: str, title: str, body: str, severity: Severity) -> str:
    """Return what went wrong, nothing if nothing did."""
    url = os.environ.get(route, "").strip()
    if not url:
        return f"the environment variable {route} is not set: set it to an Apprise URL, where the loop runs"
    with _quiet():
        try:
            channel = apprise.Apprise()
            if not channel.add(url):
                return f"{route} does not hold a URL that Apprise knows: see its list of services"
            result = channel.notify(title=title, body=body, notify_type=_KINDS[severity], timeout=LONGEST_TRY_SECONDS)
        except Exception as error:  # noqa: BLE001 - the edge to a foreign power: whatever it is, its words may hold the URL
            return f"the service behind {route} could not be asked: {type(error).__name__}"
    return "" if bool(result) else _refusal(route, result)


def _refusal(route: str, result: Any) -> str:
    said = re.search(r"error=(\d{3})\b", " ".join(str(entry) for entry in result.logs()))
    answer = f"answered {said[1]}: check its token and address" if said else "did not take the message: check that it can be reached"
    return f"the service behind {route} {answer}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries that are given the URL from logging it; Apprise still tells its caller what went wrong."""
    loggers = [logging.getLogger(name) for name in LOUD_LIBRARIES]
    before = [(logger.level, logger.propagate, logger.handlers) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [logging.NullHandler()]
        logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Apprise loads its plugins late, and some import what is going away
            yield
    finally:
        for logger, (level, propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers
            logger.setLevel(level)
