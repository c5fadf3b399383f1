"""`doctor`: whether this machine and this project can do what they should; one line for each thing looked at."""

import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Engine

from shipworthy import clock
from shipworthy.bounds import Outcome
from shipworthy.errors import ShipworthyError
from shipworthy.flows import catalog as catalogs
from shipworthy.gateways import lake
from shipworthy.gateways.pins import PLUGIN
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read, store
from shipworthy.registry.package import load
from shipworthy.spec.project import Project, models, sources

PINNED: Mapping[str, tuple[str, str]] = {
    "duckdb": ("1.5.5", "2"),
    "dbt-core": ("1.11", "1.12"),
    "deltalake": ("1.2", "2"),
    "lightgbm": ("4.6", "5"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and how it is."""

    name: str
    outcome: Outcome
    words: str


def examine(project: Project) -> list[Finding]:
    """Return how each thing is, whatever the others say."""
    looks: dict[str, Callable[[], str]] = {
        "python": lambda: f"{platform.python_version()} at {sys.prefix}",
        "packages": _packages,
        "clock": _clock,
        "state folder": lambda: _writable(project.state),
        "specs": lambda: f"{len(models(project))} models, {len(sources(project))} sources: {', '.join(models(project)) or 'none'}",
        "dbt project": lambda: _dbt(project),
        "logbook": lambda: _logbook(project),
        "lake": lambda: f"{len(lake.tables(project.lake))} tables at {project.lake}",
        "last build": lambda: _last_build(project),
        "live models": lambda: _live(project, store.open_logbook(project.logbook)),
        "alert routes": lambda: _routes(project),
    }
    return [_look(name, look) for name, look in looks.items()]


def _look(name: str, look: Callable[[], str]) -> Finding:
    try:
        words = look()
    except ShipworthyError as error:
        return Finding(name, "fail", str(error))
    except OSError as error:
        return Finding(name, "fail", f"{type(error).__name__}: {error}")
    return Finding(name, "unknown" if words.startswith("not ") else "pass", words)


def _packages() -> str:
    found = {}
    for name, (low, high) in PINNED.items():
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            raise ShipworthyError(where=name, what="is not installed", fix="install shipworthy again") from None
        if not _numbers(low) <= _numbers(found[name]) < _numbers(high):
            raise ShipworthyError(where=name, what=f"{found[name]} is not from {low} to below {high}", fix="install shipworthy again")
    return ", ".join(f"{name} {number}" for name, number in found.items())


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(".") if part.isdigit()]


def _clock() -> str:
    pinned = os.environ.get(clock.PINNED_BY)
    return f"pinned to {clock.now().isoformat()} by {pinned}" if pinned else f"{clock.now().isoformat(timespec='seconds')}, the machine's"


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise ShipworthyError(where=str(folder), what="cannot be written", fix="give this user the right to")
    return str(folder)


def _dbt(project: Project) -> str:
    if not (project.root / "dbt_project.yml").is_file():
        raise ShipworthyError(where=str(project.root), what="no dbt_project.yml", fix="put shipworthy.yml beside it")
    profiles = project.root / "profiles.yml"
    plugged = profiles.is_file() and PLUGIN in profiles.read_text(encoding="utf-8")
    return (
        "reads the lake through our plugin"
        if plugged
        else "not plugged in: SQL cannot read landed sources; name the plugin in profiles.yml"
    )


def _logbook(project: Project) -> str:
    book = store.open_logbook(project.logbook)
    return f"{store.shown(project.logbook)}, migration {store.revision(book)}, {read.count(book, 'steps')} steps"


def _last_build(project: Project) -> str:
    catalog = catalogs.last(project)
    if catalog is None:
        return "not built yet: shipworthy build"
    bad = [f"{name}: {facts['trouble']}" for name, facts in catalog.relations.items() if not facts["sound"]]
    if bad:
        raise ShipworthyError(where="last build", what=bad[0], fix="mend it and run 'shipworthy build'")
    return f"as of {catalog.as_of.isoformat()}, {len(catalog.relations)} relations, all sound"


def _live(project: Project, book: Engine) -> str:
    champions = {name: read.champion(book, name) for name in models(project)}
    for name, number in champions.items():
        if number is not None and (known := read.version(book, name, number)):
            load(project.state / known.artifact, trust=trust_of(project))
    shown = [f"{name}@{number}" for name, number in champions.items() if number is not None]
    return ", ".join(shown) if shown else "not one is promoted"


def _routes(project: Project) -> str:
    routes = project.settings.alerts
    silent = [route.url_from for route in routes if not os.environ.get(route.url_from)]
    if silent:
        raise ShipworthyError(where="shipworthy.yml: alerts", what=f"{silent[0]} is not set", fix="set it to an Apprise URL")
    return f"{len(routes)} routes" if routes else "not one: alarms stay in the logbook and the console"
