"""Real servers for tests: each in a process of its own on a free port of 127.0.0.1, with its data in a folder that goes with it.

A server that is not installed is a skip with its reason; `.ci/run` installs all of them.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import pika
import psycopg
import pymysql
import pytest
import redis as redis_library

PATIENCE_SECONDS = 60.0
LOCAL = "127.0.0.1"
UNPRIVILEGED = "nobody"
"""Who runs a server that refuses to be run by root."""

NOT_YET = (OSError, redis_library.ConnectionError, psycopg.OperationalError, pymysql.err.OperationalError, pika.exceptions.AMQPError)


@dataclass
class Server:
    """A server that can be killed, and started again on the data it had.

    `address` is what a client is given; the environment variable that a contract names would hold it.
    """

    name: str
    address: str
    command: Sequence[str]
    folder: Path
    asked: Callable[[], object]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *self.command],
            stdout=log,
            stderr=log,
            env={**os.environ, **self.environment},
            cwd=self.folder,
            start_new_session=True,
            user=self.user,
        )
        log.close()
        self._wait()

    def kill(self) -> None:
        """Kill it with all its children, as a power cut would."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, SIGKILL)
            self.process.wait()

    def _wait(self) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.asked()
            except NOT_YET:
                assert self.process is not None
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert monotonic() < deadline, (self.folder / "log").read_text()
                sleep(0.05)
            else:
                return


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind((LOCAL, 0))
        return int(found.getsockname()[1])


def installed(name: str, package: str) -> str:
    """Return the path of a server's program, a skip where it is not installed."""
    beside = [*sorted(glob(f"/usr/lib/postgresql/*/bin/{name}")), *glob(f"/usr/lib/rabbitmq/bin/{name}")]
    path = next(iter(beside), None) or shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return path


@contextmanager
def _folder(user: str | None = None) -> Iterator[Path]:
    """A folder that an unprivileged server can reach: pytest's own belong to one user."""
    with TemporaryDirectory(prefix="shipworthy-", ignore_cleanup_errors=True) as made:
        if user:
            os.chown(made, pwd.getpwnam(user).pw_uid, -1)
        yield Path(made)


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _listens(port: int) -> Callable[[], object]:
    return lambda: socket.create_connection((LOCAL, port), timeout=5).close()


def _greets(port: int) -> Callable[[], object]:
    def ask() -> None:
        with socket.create_connection((LOCAL, port), timeout=5) as connection:
            assert connection.recv(1)

    return ask


@contextmanager
def redis_server() -> Iterator[Server]:
    """A Redis that has each write on disk before it answers."""
    program, port = installed("redis-server", "redis-server"), free_port()
    address = f"redis://{LOCAL}:{port}/0"

    def ask() -> None:
        with redis_library.Redis.from_url(address) as connection:
            connection.ping()

    with _folder() as folder:
        command = [program, "--port", str(port), "--bind", LOCAL, "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "always"]
        with _running(Server("redis", address, command, folder, ask)) as server:
            yield server


@contextmanager
def nats_server() -> Iterator[Server]:
    """A NATS server with JetStream."""
    program, port = installed("nats-server", "nats-server"), free_port()
    with _folder() as folder:
        command = [program, "--addr", LOCAL, "--port", str(port), "--jetstream", "--store_dir", str(folder)]
        with _running(Server("nats", f"nats://{LOCAL}:{port}", command, folder, _greets(port))) as server:
            yield server


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL with the database `postgres`, owned by `postgres`; its password is `s3cr3t`."""
    program, port = installed("postgres", "postgresql"), free_port()
    user = UNPRIVILEGED if os.getuid() == 0 else None
    address = f"postgresql://postgres:s3cr3t@{LOCAL}:{port}/postgres"
    with _folder(user) as folder:
        data, word = folder / "data", folder / "word"
        word.write_text("s3cr3t")
        word.chmod(0o644)
        made = [installed("initdb", "postgresql"), "--pgdata", str(data), "--username", "postgres", "--pwfile", str(word), "--no-sync"]
        subprocess.run([*made, "--auth", "scram-sha-256", "--encoding", "UTF8"], check=True, capture_output=True, user=user, cwd=folder)
        command = [program, "-D", str(data), "-p", str(port), "-c", f"listen_addresses={LOCAL}", "-k", str(folder)]
        server = Server("postgres", address, command, folder, lambda: psycopg.connect(address).close(), user=user)
        with _running(server):
            yield server


@contextmanager
def mysql_server() -> Iterator[Server]:
    """A MariaDB with the database `shop`, owned by `shop`; its password is `s3cr3t`."""
    program, port = installed("mariadbd", "mariadb-server"), free_port()
    user = UNPRIVILEGED if os.getuid() == 0 else None
    with _folder(user) as folder:
        data = folder / "data"
        made = [installed("mariadb-install-db", "mariadb-server"), "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        subprocess.run([*made, "--auth-root-authentication-method=normal"], check=True, capture_output=True, user=user, cwd=folder)
        first = folder / "first.sql"
        first.write_text(
            "create database if not exists shop;\n"
            "create user if not exists shop@localhost identified by 's3cr3t';\n"
            "grant all on *.* to shop@localhost with grant option;\n"
        )
        first.chmod(0o644)
        command = [program, "--no-defaults", f"--datadir={data}", f"--port={port}", f"--bind-address={LOCAL}", f"--init-file={first}"]
        place = {"host": LOCAL, "port": port, "user": "shop", "password": "s3cr3t", "database": "shop"}
        server = Server(
            "mysql",
            f"mysql://shop:s3cr3t@{LOCAL}:{port}/shop",
            [*command, f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"],
            folder,
            lambda: pymysql.connect(**place).close(),
            user=user,
        )
        with _running(server):
            yield server


@contextmanager
def rabbitmq_server() -> Iterator[Server]:
    """A RabbitMQ with the user `guest`, and a port mapper of its own."""
    program, mapper = installed("rabbitmq-server", "rabbitmq-server"), installed("epmd", "erlang-base")
    port, between, mapped = free_port(), free_port(), free_port()
    address = f"amqp://guest:guest@{LOCAL}:{port}/%2F"
    with _folder() as folder:
        environment = {
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(mapped),
            "ERL_EPMD_ADDRESS": LOCAL,
            "RABBITMQ_NODENAME": f"shipworthy{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LOCAL,
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(between),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
        }
        with _running(Server("epmd", "", [mapper], folder, _listens(mapped), environment)):

            def ask() -> None:
                _listens(port)()  # pika would log each refusal
                pika.BlockingConnection(pika.URLParameters(address)).close()

            server = Server("rabbitmq", address, [program], folder, ask, environment)
            with _running(server):
                yield server


MOCK_KAFKA = """
from signal import pause
from confluent_kafka import Producer
cluster = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "mock", "log_level": 0})
print(str(next(iter(cluster.list_topics(timeout=30).brokers.values()))).partition("/")[0], flush=True)
pause()
"""


@contextmanager
def kafka_server() -> Iterator[Server]:
    """The mock cluster of librdkafka: it speaks Kafka's protocol over TCP, and keeps all in the memory of its process."""
    with _folder() as folder:
        said = folder / "log"
        server = Server("kafka", "", [sys.executable, "-c", MOCK_KAFKA], folder, lambda: _told(said))
        with _running(server):
            server.address = _told(said)
            yield server


def _told(said: Path) -> str:
    """Return the address that the mock cluster told; one that has not told it yet does not answer yet."""
    first = next((line for line in said.read_text().splitlines() if line.startswith(LOCAL)), None)
    if first is None:
        raise ConnectionRefusedError(said)
    return first


STARTED = {
    "kafka": kafka_server,
    "mysql": mysql_server,
    "nats": nats_server,
    "postgres": postgres_server,
    "rabbitmq": rabbitmq_server,
    "redis": redis_server,
}


def _fixture(name: str) -> Callable[[], Iterator[Server]]:
    """Return the fixture that lends one server to all tests of a session."""

    @pytest.fixture(scope="session", name=name)
    def lent() -> Iterator[Server]:
        with STARTED[name]() as server:
            yield server

    return lent


kafka, mysql, nats, postgres, rabbitmq, redis = map(_fixture, STARTED)
