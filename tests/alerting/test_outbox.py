"""Messages that arrive, by a real HTTP server on localhost and a real logbook."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shipworthy.alerting.outbox import announce, deliver
from shipworthy.logbook import read, write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Alert
from shipworthy.spec.settings import AlertRoute

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SECRET = "s3cr3t"
ROUTE = "ON_CALL_URL"
ALERT = Alert("demand/realized_decay/demand", "demand", "critical", "firing", "the promise is broken", "train again", NOW, NOW, NOW)


class Receiver:
    """An HTTP server that keeps what it is sent and answers `status`."""

    def __init__(self) -> None:
        self.status, self.bodies = 200, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(receiver.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}/hooks/{SECRET}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Engine]:
    engine = open_logbook(f"sqlite:///{tmp_path / 'logbook.db'}")
    yield engine
    engine.dispose()


def told(book: Engine, alert: Alert = ALERT, routes: tuple[AlertRoute, ...] = (AlertRoute(url_from=ROUTE),)) -> None:
    announce(book, [alert], routes, now=NOW, owner="data@example.org")


def test_an_alert_arrives_once(book, receiver, monkeypatch):
    """
    A firing alert is kept, queued and delivered; the same tick again sends nothing.
    """
    monkeypatch.setenv(ROUTE, receiver.url)
    told(book)
    told(book)

    assert (deliver(book, NOW), deliver(book, NOW)) == (1, 0)
    assert [(body["title"], body["type"]) for body in receiver.bodies] == [("demand: realized decay", "failure")]
    assert receiver.bodies[0]["message"].startswith("the promise is broken")
    assert read.alerts(book) == [ALERT]
    assert read.messages(book)[0].sent_at == NOW


def test_a_refusal_is_noted_and_tried_again(book, receiver, monkeypatch):
    """
    A refused message waits 1, 5, 15, 60, then 240 minutes, says the status, and arrives once the service takes it.
    """
    monkeypatch.setenv(ROUTE, receiver.url)
    receiver.status = 403
    told(book)
    waits, moment = [], NOW
    for _ in range(6):
        assert deliver(book, moment) == 0
        waits.append((read.messages(book)[0].next_at - moment) / timedelta(minutes=1))
        moment = read.messages(book)[0].next_at

    assert waits == [1, 5, 15, 60, 240, 240]
    assert "answered 403" in read.messages(book)[0].trouble
    assert deliver(book, moment - timedelta(seconds=1)) == 0
    receiver.status = 200
    assert deliver(book, moment) == 1
    assert (read.messages(book)[0].attempts, read.messages(book)[0].trouble) == (7, "")


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        (None, f"the environment variable {ROUTE} is not set"),
        ("  ", f"the environment variable {ROUTE} is not set"),
        (f"json://127.0.0.1:9/hooks/{SECRET}", "did not take the message"),
        (f"nonsense://{SECRET}", "does not hold a URL that Apprise knows"),
        (SECRET, "does not hold a URL that Apprise knows"),
    ],
    ids=["not set", "empty", "nobody listens", "unknown scheme", "no URL"],
)
def test_what_cannot_be_delivered_is_noted_and_never_raised(book, monkeypatch, url, trouble):
    """
    A route that is not set, wrong or dead leaves the message waiting, with words that say why.
    """
    monkeypatch.delenv(ROUTE, raising=False)
    if url is not None:
        monkeypatch.setenv(ROUTE, url)
    told(book)

    assert deliver(book, NOW) == 0
    assert trouble in read.messages(book)[0].trouble
    assert read.messages(book)[0].next_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("host", ["receiver", "nobody", "wrong"])
def test_the_secret_is_told_to_nobody(book, receiver, monkeypatch, caplog, capfd, host):
    """
    The URL stands in no table, no log and no output, whether the message is taken, refused or lost, even when all is logged.
    """
    urls = {"receiver": receiver.url, "nobody": f"json://127.0.0.1:9/hooks/{SECRET}", "wrong": f"nonsense://{SECRET}"}
    monkeypatch.setenv(ROUTE, urls[host])
    receiver.status = 500
    told(book)
    with caplog.at_level(logging.DEBUG):
        deliver(book, NOW)

    assert SECRET not in caplog.text
    assert SECRET not in "".join(capfd.readouterr())
    assert SECRET not in str([tuple(row) for row in read.messages(book)])


def test_logs_of_the_libraries_are_as_before_afterwards(book, monkeypatch):
    """
    Loggers that were silenced for a delivery speak again after it.
    """
    monkeypatch.setenv(ROUTE, f"json://127.0.0.1:9/{SECRET}")
    logger = logging.getLogger("apprise")
    before = (logger.level, logger.propagate, logger.handlers)
    told(book)
    deliver(book, NOW)

    assert (logger.level, logger.propagate, logger.handlers) == before


def test_each_route_takes_its_severities(book):
    """
    A message is queued for every route that asks for its severity, and for no other.
    """
    loud, quiet = AlertRoute(url_from="LOUD"), AlertRoute(url_from="ALL", severities=["info", "warning", "critical"])
    told(book, routes=(loud, quiet))
    told(book, replace(ALERT, key="demand/drift/demand.price", severity="info"), routes=(loud, quiet))

    assert [row.route for row in read.messages(book)] == ["LOUD", "ALL", "ALL"]


def test_a_tick_cut_off_before_its_alerts_were_kept_tells_them_once(book, monkeypatch):
    """
    Killed between queueing and keeping, the same tick again neither loses nor doubles a message.
    """
    monkeypatch.setattr(write, "alerts", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        told(book)
    monkeypatch.undo()
    assert read.alerts(book) == []
    told(book)

    assert (len(read.messages(book)), read.alerts(book)) == (1, [ALERT])


def test_a_recovery_follows_its_alert(book, receiver, monkeypatch):
    """
    The end of a condition is a message of its own, after the one about its beginning.
    """
    monkeypatch.setenv(ROUTE, receiver.url)
    told(book)
    told(book, replace(ALERT, state="recovered", recovered_at=NOW + timedelta(days=7)))

    assert deliver(book, NOW) == 2
    assert [body["title"] for body in receiver.bodies] == ["demand: realized decay", "demand: realized decay is over"]


def test_one_dead_route_does_not_hold_up_another(book, receiver, monkeypatch):
    """
    A message that cannot be delivered leaves the others on their way.
    """
    monkeypatch.setenv("ALIVE", receiver.url)
    told(book, routes=(AlertRoute(url_from="DEAD"), AlertRoute(url_from="ALIVE")))

    assert deliver(book, NOW) == 1
    assert len(receiver.bodies) == 1
