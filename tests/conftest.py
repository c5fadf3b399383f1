"""What tests of several rooms share: a small project that was really built, trained and put to work once, copied for each test.

What is imported here is loaded by the process that hands tests out as well, before the first worker starts: so what makes the project
is imported where it is used.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from .servers import kafka, mysql, nats, postgres, rabbitmq, redis

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shipworthy.spec.project import Project

__all__ = ["kafka", "mysql", "nats", "postgres", "rabbitmq", "redis"]  # fixtures that every test may ask for
PROJECTS = Path(__file__).parent / "projects"
MODEL = "delivery_minutes"
EARLIER, TRAINED, BUILT = (datetime(2026, month, day, tzinfo=UTC) for month, day in ((4, 24), (5, 1), (7, 3)))


@dataclass(frozen=True, slots=True)
class Shop:
    """A project and its logbook."""

    project: Project
    book: Engine

    @property
    def root(self) -> Path:
        return self.project.root

    def rewrite(self, file: str, old: str, new: str) -> None:
        """Replace `old`, which must be there, in a file of the project."""
        text = (self.root / file).read_text()
        assert old in text
        (self.root / file).write_text(text.replace(old, new))


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def opened(root: Path) -> Shop:
    from shipworthy.logbook.store import open_logbook
    from shipworthy.spec.project import find

    project = find(root)
    return Shop(project, open_logbook(project.logbook))


def _once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder `name`, made by the first process of the test run that wants it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / name).exists():
            make(base / f".{name}")
            (base / f".{name}").rename(base / name)
    return base / name


def _make_shop(folder: Path) -> None:
    shutil.copytree(PROJECTS / "shop", folder, ignore=shutil.ignore_patterns("__pycache__", "make_data.py"))
    spec = spec_from_file_location("make_data", PROJECTS / "shop" / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(folder)


def _copied(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, symlinks=True)
    return target


def _build_shop(folder: Path) -> None:
    from shipworthy.flows.build import build
    from shipworthy.gateways.charts import interactive

    _make_shop(folder)
    shop = opened(folder)
    assert build(shop.project, shop.book, BUILT).outcome == "pass"
    interactive("", [], cache=shop.project.state / "cache")  # Vega as one script takes seconds to make
    shop.book.dispose()
    link = folder / "dbt_packages" / "shipworthy"  # dbt makes it absolute: it would not outlive the copy
    link.unlink()
    link.symlink_to("../shipworthy_dbt")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _once(tmp_path_factory, "built", _build_shop)


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory, built_once: Path) -> Path:
    from shipworthy.flows.train import train

    def make(folder: Path) -> None:
        shop = opened(_copied(built_once, folder))
        for moment in (EARLIER, TRAINED):
            assert train(shop.project, shop.book, MODEL, moment).version.sound
        shop.book.dispose()

    return _once(tmp_path_factory, "trained", make)


@pytest.fixture(scope="session")
def promoted_once(tmp_path_factory: pytest.TempPathFactory, trained_once: Path) -> Path:
    from shipworthy.flows.promote import promote
    from shipworthy.flows.score import score

    def make(folder: Path) -> None:
        shop = opened(_copied(trained_once, folder))
        promote(shop.project, shop.book, MODEL, 2, who="ana", why="first candidate", at=TRAINED)
        score(shop.project, shop.book, MODEL, datetime(2026, 6, 12, tzinfo=UTC))
        shop.book.dispose()

    return _once(tmp_path_factory, "promoted", make)


def _lent(source: Path, tmp_path: Path) -> Iterator[Shop]:
    shop = opened(_copied(source, tmp_path / "shop"))
    yield shop
    shop.book.dispose()


@pytest.fixture
def unbuilt(tmp_path: Path) -> Path:
    """The shop's project before anything was built."""
    _make_shop(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Iterator[Shop]:
    """The shop as of 3 July, built and published, nothing trained."""
    yield from _lent(built_once, tmp_path)


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path) -> Iterator[Shop]:
    """The shop with two sound versions, as of 24 April and 1 May; nothing is promoted."""
    yield from _lent(trained_once, tmp_path)


@pytest.fixture
def promoted(promoted_once: Path, tmp_path: Path) -> Iterator[Shop]:
    """The shop with version 2 answering since 1 May, its decisions scored to 12 June; a bridge is closed since 15 May."""
    yield from _lent(promoted_once, tmp_path)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The command line, called as a shell would, in this process."""
    from shipworthy.cli.main import main

    def call(*arguments: object) -> Said:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["shipworthy", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capfd.readouterr()
        return Said(int(end.value.code or 0), said.out, said.err)

    return call
