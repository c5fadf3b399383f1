import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import Engine

from shipworthy import clock
from shipworthy.console.app import app
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import Project, find

from .past import NOW, lay_out


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return lay_out(tmp_path_factory.mktemp("console") / "flights")


@pytest.fixture(scope="session")
def book(project: Project) -> Iterator[Engine]:
    opened = open_logbook(project.logbook)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    file = tmp_path_factory.mktemp("clock") / "now"
    clock.pin(file, NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(clock.PINNED_BY, str(file))
        yield


@contextmanager
def answering(project: Project, console: Any = None) -> Iterator[httpx.Client]:
    """Serve the console of `project`, or `console` in its place, over HTTP on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(console or app(project), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30, verify=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def browser(project: Project, pinned: None) -> Iterator[httpx.Client]:
    with answering(project) as client:
        yield client


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    (tmp_path / "shipworthy.yml").write_text("{}\n")
    return find(tmp_path)


@pytest.fixture
def open_in(pinned: None) -> Iterator[Callable[[Project], httpx.Client]]:
    with ExitStack() as stack:
        yield lambda project: stack.enter_context(answering(project))
