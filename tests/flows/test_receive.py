"""Receiving, from real brokers: nothing is lost whenever it is killed, and the end is clean when it is asked to end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from redis import Redis

from shipworthy.errors import BadSpec, Disconnected, UnknownName
from shipworthy.flows.receive import drain, receive, streams
from shipworthy.spec.project import find

from ..conftest import Said
from ..publishing import PUBLISHERS
from ..servers import LOCAL, Server, free_port
from ..streaming import Streaming, streaming
from .killed_receiver import moments

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
MESSAGES = [json.dumps({"id": number}).encode() for number in range(1200)]


@pytest.fixture(params=PUBLISHERS)
def stream(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Streaming:
    return streaming(tmp_path, request.param, request.getfixturevalue(request.param), monkeypatch)


@pytest.fixture
def by_redis(redis: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Streaming:
    """One of the brokers, for what does not depend on which it is."""
    return streaming(tmp_path, "redis", redis, monkeypatch)


def started(stream: Streaming, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "shipworthy", "receive", "orders", "--project", str(stream.root), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def until(reached: Callable[[], object]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not reached():
        assert monotonic() < deadline
        sleep(0.01)


def test_killed_at_any_moment_nothing_is_lost(stream: Streaming) -> None:
    """
    Killed between receiving and writing, in the middle of writing, between writing and acknowledging, or after it: what is
    drained afterwards and what was delivered before are together all that was sent.
    """
    stream.send(*MESSAGES)
    for moment in moments():
        before = len(stream.delivered())
        killed = subprocess.run([sys.executable, "-m", "tests.flows.killed_receiver", str(stream.root), moment], cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL, moment
        assert (len(stream.delivered()) > before) is (moment in ("delivered", "acknowledged")), moment
    before = len(stream.delivered())
    came = drain(stream.project, stream.contract)

    assert set(stream.delivered()) == {message.decode() for message in MESSAGES}
    assert (came.left, len(stream.delivered())) == (0, before + came.messages)


def test_killed_again_and_again_at_random(stream: Streaming) -> None:
    """
    The command itself, killed as soon as it has delivered anything, while messages are sent: all come, some twice.
    """
    for part in range(0, len(MESSAGES), 400):
        stream.send(*MESSAGES[part : part + 400])
        before = len(stream.delivered())
        with started(stream) as process:
            until(lambda before=before: len(stream.delivered()) > before)
            process.kill()

    drain(stream.project, stream.contract)

    assert set(stream.delivered()) == {message.decode() for message in MESSAGES}


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_it_is_asked_to(by_redis: Streaming, asked: signal.Signals) -> None:
    """
    What was received is written and acknowledged first; the end is told, and is a success.
    """
    by_redis.send(*MESSAGES[:10])
    with started(by_redis, "--json") as process:
        assert process.stderr is not None
        until(lambda: b"listening" in process.stderr.readline())  # type: ignore[union-attr]
        process.send_signal(asked)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 0
    assert json.loads(said)[0]["messages"] == len(by_redis.delivered())
    drain(by_redis.project, by_redis.contract)
    assert len(by_redis.delivered()) == 10


def test_it_outlives_an_outage_of_the_broker(redis: Server, by_redis: Streaming) -> None:
    """
    A broker that is killed and comes back is listened to again, and nothing is lost.
    """
    stop, told = Event(), list[str]()
    listening = Thread(
        target=receive, args=(by_redis.project, [by_redis.contract], stop), kwargs={"progress": lambda what, *_: told.append(what)}
    )
    by_redis.send(*MESSAGES[:5])
    listening.start()
    try:
        until(lambda: len(by_redis.delivered()) == 5)
        redis.kill()
        until(lambda: any("tries again" in words for words in told))
        redis.start()
        by_redis.send(*MESSAGES[5:9])
        until(lambda: len(by_redis.delivered()) >= 9)
    finally:
        stop.set()
        listening.join()

    assert set(by_redis.delivered()) == {message.decode() for message in MESSAGES[:9]}


def test_a_source_that_wants_freshness_is_landed_as_it_comes(redis: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without a build: what was received is a row of the lake soon after; a message that is no record does not stop it.
    """
    stream = streaming(tmp_path, "redis", redis, monkeypatch, freshness="2 minutes")
    record = {"id": 1, "at": "2026-01-01T10:00:00Z", "day": "2026-01-01", "price": 1, "paid": True, "shop": "lotus"}
    stream.send(json.dumps(record).encode(), b"no record")
    stop, told = Event(), list[str]()
    listening = Thread(
        target=receive, args=(stream.project, [stream.contract], stop), kwargs={"progress": lambda what, *_: told.append(what)}
    )
    listening.start()
    try:
        until(lambda: any("landed, 1 rows" in words for words in told))
    finally:
        stop.set()
        listening.join()

    assert [row["id"] for row in stream.rows()] == [1]


def test_it_ends_after_the_time_that_is_given(by_redis: Streaming, command: Callable[..., Said]) -> None:
    """
    `--for` ends it by itself; what came is told.
    """
    by_redis.send(b'{"id": 1}')
    said = command("receive", "--project", by_redis.root, "--for", "1 second")

    assert (said.code, said.out.split()) == (0, ["orders", "1", "messages", "in", "1", "deliveries"])


def test_once_takes_what_is_there(by_redis: Streaming, command: Callable[..., Said]) -> None:
    """
    `--once` ends when nothing waits any more; a second time there is nothing.
    """
    by_redis.send(*MESSAGES)

    assert json.loads(command("receive", "--once", "--json", "--project", by_redis.root).out)[0]["messages"] == len(MESSAGES)
    assert json.loads(command("receive", "--once", "--json", "--project", by_redis.root).out)[0]["messages"] == 0


def test_messages_that_the_broker_let_go_are_told(by_redis: Streaming, redis: Server, command: Callable[..., Said]) -> None:
    """
    Messages trimmed before anybody read them are lost by the broker: the command says how many, and is no success.
    """
    by_redis.send(*MESSAGES[:10])
    drain(by_redis.project, by_redis.contract)
    by_redis.send(*MESSAGES[10:20])
    with Redis.from_url(redis.address) as client:
        client.xtrim(by_redis.topic, maxlen=4, approximate=False)

    said = command("receive", "--once", "--project", by_redis.root)
    assert (said.code, "the broker let go of 6 before they were read" in said.out) == (1, True)


class TestWhatIsRefused:
    def test_a_source_that_is_not_there(self, by_redis: Streaming) -> None:
        """
        The nearest name is told.
        """
        with pytest.raises(UnknownName, match="no source 'order'") as error:
            streams(by_redis.project, "order")
        assert "did you mean 'orders'" in error.value.fix

    def test_a_source_without_a_stream(self, tmp_path: Path) -> None:
        """
        A source that is a file has nothing to listen to.
        """
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "orders.yml").write_text("source: orders\npath: orders.csv\ncolumns: {id: {type: integer}}\n")
        (tmp_path / "shipworthy.yml").write_text("{}\n")
        with pytest.raises(BadSpec, match="no stream is named"):
            streams(find(tmp_path), "orders")

    def test_an_address_that_is_not_set(self, by_redis: Streaming, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        The variable is named, and where it is asked for.
        """
        monkeypatch.delenv("BROKER")

        with pytest.raises(BadSpec, match="the environment variable BROKER is not set") as error:
            drain(by_redis.project, by_redis.contract)
        assert error.value.where == "sources/orders.yml: stream"

    def test_a_broker_that_is_not_there_from_the_beginning(self, by_redis: Streaming, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A wrong address is an error at once, not an outage to wait for.
        """
        monkeypatch.setenv("BROKER", f"redis://me:s3cr3t@{LOCAL}:{free_port()}")

        with pytest.raises(Disconnected, match="no broker answers") as error:
            receive(by_redis.project, [by_redis.contract], Event())
        assert "s3cr3t" not in str(error.value)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command sets handlers of signals: they are put back."""
    kept = {asked: signal.getsignal(asked) for asked in (signal.SIGTERM, signal.SIGINT)}
    yield
    for asked, handler in kept.items():
        signal.signal(asked, handler)
    assert os.getpid()
