"""What every store of online features keeps to: the SQLite file, and a real Redis."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL

import pytest

from shipworthy.errors import BadSpec, NoFeatures
from shipworthy.gateways.online.entry import Entry, Publication, key, pack, unpack
from shipworthy.gateways.online.store import Store, open_store
from shipworthy.gateways.online.written import Written
from shipworthy.spec.project import Project, find

from ...servers import Server

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Opened = Callable[..., Store]


@pytest.fixture(params=["sqlite", "redis"])
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a store of each kind; what it held before is gone."""
    settings = "{}"
    if request.param == "redis":
        server: Server = request.getfixturevalue("redis")
        monkeypatch.setenv("ONLINE_URL", server.address)
        settings = f"online: {{store: redis, url_from: ONLINE_URL, prefix: '{tmp_path.name}'}}"
    (tmp_path / "shipworthy.yml").write_text(settings)
    return find(tmp_path)


@pytest.fixture
def writer(project: Project) -> Iterator[Store]:
    store = open_store(project)
    yield store
    store.close()


@pytest.fixture
def reader(project: Project) -> Iterator[Store]:
    store = open_store(project, read_only=True)
    yield store
    store.close()


def published(relation: str = "queue", version: int = 1) -> Publication:
    return Publication(relation, version, NOON, "sql", ("waiting",), NOON - timedelta(hours=1), None)


def entities(value: float, *names: str) -> list[tuple[bytes, bytes]]:
    return [(key([name]), pack([Entry(0, 0, 0, [value])])) for name in names]


def values(store: Store, *names: str, relation: str = "queue") -> list[float | str | None]:
    _, packed = store.fetch({relation: [key([name]) for name in names]})[relation]
    return [unpack(packed[key([name])])[0].values[0] if key([name]) in packed else None for name in names]


def test_what_is_published_is_found(writer: Store, reader: Store) -> None:
    """
    Each entity is found by its key, one that was not published is absent, and the publication says what it is of.
    """
    writer.publish([(published(), entities(3.0, "dragon", "lotus"))])

    assert values(reader, "lotus", "nobody", "dragon") == [3.0, None, 3.0]
    assert reader.publications() == {"queue": published()}
    assert reader.fetch({"queue": [key(["dragon"])]})["queue"][0] == published()


def test_only_what_differs_is_written(writer: Store, reader: Store) -> None:
    """
    Entities that stayed the same are not written again, those that are gone are taken away, and the count says so.
    """
    assert writer.publish([(published(), entities(1.0, "a", "b", "c"))]) == {"queue": Written(3, 0)}
    changed = [*entities(1.0, "a"), *entities(2.0, "b", "d")]

    assert writer.publish([(published(version=2), changed)]) == {"queue": Written(2, 1)}
    assert writer.publish([(published(version=2), changed)]) == {"queue": Written(0, 0)}
    assert values(reader, "a", "b", "c", "d") == [1.0, 2.0, None, 2.0]


def test_a_publication_alone_leaves_the_entities(writer: Store, reader: Store) -> None:
    """
    Where nothing but the moment moves on, no entity is touched.
    """
    writer.publish([(published(), entities(1.0, "a"))])
    writer.publish([(published(version=5), None)])

    assert values(reader, "a") == [1.0]
    assert reader.publications()["queue"].version == 5


def test_a_publish_that_fails_leaves_everything_as_it_was(writer: Store, reader: Store) -> None:
    """
    All relations of a publish are there, or none of them.
    """
    writer.publish([(published("queue"), entities(1.0, "a")), (published("prices"), entities(1.0, "a"))])

    def broken() -> Iterator[tuple[bytes, bytes]]:
        yield from entities(2.0, "a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        writer.publish([(published("queue", 2), entities(2.0, "a")), (published("prices", 2), broken())])

    assert (values(reader, "a"), values(reader, "a", relation="prices")) == ([1.0], [1.0])
    assert {one.version for one in reader.publications().values()} == {1}


def test_a_relation_that_was_never_published_is_no_answer(writer: Store, reader: Store) -> None:
    """
    Nothing is null for want of a publish: the error names the relation and what to run.
    """
    writer.publish([(published("queue"), entities(1.0, "a"))])

    with pytest.raises(NoFeatures, match=r"prices.*never published(.|\n)*shipworthy build"):
        reader.fetch({"queue": [key(["a"])], "prices": [key(["a"])]})
    assert values(reader, "a") == [1.0]


def test_a_reader_never_sees_half_of_a_publish(project: Project, writer: Store, reader: Store) -> None:
    """
    While one process publishes again and again, each look finds every entity of every relation of one and the same publish.
    """
    names = [f"shop {number}" for number in range(300)]
    writer.publish([(published(relation, 0), entities(0.0, *names)) for relation in ("queue", "prices")])
    over = threading.Event()

    def publish() -> None:
        own = open_store(project)
        for version in range(1, 30):
            own.publish([(published(relation, version), entities(float(version), *names)) for relation in ("queue", "prices")])
        own.close()
        over.set()

    thread = threading.Thread(target=publish)
    thread.start()
    seen = set()
    while not over.is_set():
        found = reader.fetch({relation: [key([name]) for name in names] for relation in ("queue", "prices")})
        versions = {one.version for one, _ in found.values()}
        held = {unpack(one)[0].values[0] for _, packed in found.values() for one in packed.values()}
        assert held == versions
        seen |= versions
    thread.join()

    assert len(seen) > 1


KILLED = """
import os, sys
from pathlib import Path
from shipworthy.gateways.online.store import open_store
from shipworthy.spec.project import find
from tests.gateways.online.test_every_store import entities, published

def until_killed():
    yield from entities(9.0, "a", "b")
    print("half", flush=True)
    sys.stdin.read()

store = open_store(find(Path(sys.argv[1])))
store.publish([(published("queue", 9), entities(9.0, "a", "b")), (published("prices", 9), until_killed())])
"""


def test_a_killed_publish_is_as_if_it_had_never_begun(project: Project, writer: Store, reader: Store) -> None:
    """
    kill -9 in the middle of a publish: what was there is there, the next publish is not in its way, and is whole.
    """
    writer.publish([(published(relation), entities(1.0, "a", "b")) for relation in ("queue", "prices")])
    command = [sys.executable, "-c", KILLED, str(project.root)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(SIGKILL)
        process.wait()

    assert (values(reader, "a", "b"), values(reader, "a", relation="prices")) == ([1.0, 1.0], [1.0])
    assert {one.version for one in reader.publications().values()} == {1}
    writer.publish([(published(relation, 2), entities(2.0, "a")) for relation in ("queue", "prices")])
    assert values(reader, "a", "b") == [2.0, None]


class TestSqlite:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Project:
        (tmp_path / "shipworthy.yml").write_text("{}")
        return find(tmp_path)

    def test_a_file_that_is_not_there_is_no_answer_and_is_not_made(self, project: Project, reader: Store) -> None:
        """
        A service that starts before the first build says so at each look, makes no file, and finds the store once it is there.
        """
        with pytest.raises(NoFeatures, match="shipworthy build"):
            values(reader, "a")
        assert not project.online.exists()

        writer = open_store(project)
        writer.publish([(published(), entities(1.0, "a"))])
        writer.close()
        assert values(reader, "a") == [1.0]

    def test_a_file_that_was_replaced_is_followed(self, project: Project, reader: Store) -> None:
        """
        A store that was taken away and built anew is what the next look sees, not the file that is gone.
        """
        for value in (1.0, 2.0):
            for file in project.state.glob("online.db*"):
                file.unlink()
            writer = open_store(project)
            writer.publish([(published(), entities(value, "a"))])
            writer.close()
            assert values(reader, "a") == [value]


class TestRedis:
    def test_a_server_that_is_gone_is_an_error_without_its_address(
        self,
        redis: Server,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """
        The error names the variable, never the URL with its password.
        """
        monkeypatch.setenv("ONLINE_URL", "redis://:s3cr3t@127.0.0.1:1/0")
        (tmp_path / "shipworthy.yml").write_text("online: {store: redis, url_from: ONLINE_URL}")

        with pytest.raises(NoFeatures, match="ONLINE_URL") as refusal:
            values(open_store(find(tmp_path)), "a")
        assert "s3cr3t" not in str(refusal.value)

    @pytest.mark.parametrize("url", [None, "localhost:6379"])
    def test_a_url_that_is_none_is_a_mistake_in_the_settings(
        self, url: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """
        A variable that is not set, or holds something else, is told by its name.
        """
        monkeypatch.delenv("ONLINE_URL", raising=False)
        if url:
            monkeypatch.setenv("ONLINE_URL", url)
        (tmp_path / "shipworthy.yml").write_text("online: {store: redis, url_from: ONLINE_URL}")

        with pytest.raises(BadSpec, match="ONLINE_URL"):
            open_store(find(tmp_path))

    def test_what_a_restart_finds_is_what_was_published(
        self,
        redis: Server,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """
        A Redis that is killed and started again answers with the last whole publish, on the connection that broke.
        """
        monkeypatch.setenv("ONLINE_URL", redis.address)
        (tmp_path / "shipworthy.yml").write_text(f"online: {{store: redis, url_from: ONLINE_URL, prefix: '{tmp_path.name}'}}")
        store = open_store(find(tmp_path))
        store.publish([(published(), entities(1.0, "a"))])

        redis.kill()
        with pytest.raises(NoFeatures):
            values(store, "a")
        redis.start()

        assert values(store, "a") == [1.0]
        store.close()
