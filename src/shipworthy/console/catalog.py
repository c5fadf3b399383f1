"""What is known of the project's relations: from the build's catalog, the source contracts, the lake."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from shipworthy.errors import BadData
from shipworthy.gateways import lake
from shipworthy.gateways.engine import memory
from shipworthy.spec.project import Project, sources
from shipworthy.spec.source import SourceSpec

CATALOG = "catalog.json"
LANDED = "landed."  # what dbt calls the landed sources
Role = Literal["source", "published"]
FOLDERS: Mapping[Role, str] = {"source": "sources", "published": "published"}
PLAIN = {
    "VARCHAR": "text", "BIGINT": "integer", "INTEGER": "integer", "SMALLINT": "integer", "DOUBLE": "number", "FLOAT": "number",
    "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamp",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means; None where nobody said."""

    name: str
    type: str | None
    unit: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One landed or published relation.

    `key` names a row. `sound` says whether the last build found it fit to use, with the `trouble` if not; None
    before the first. `rows` and `written_at` are None where the lake has none of it.
    """

    name: str
    role: Role
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    event_time: str | None = None
    known_time: str | None = None
    sound: bool | None = None
    trouble: str = ""
    rows: int | None = None
    written_at: datetime | None = None

    @property
    def subject(self) -> str:
        """What verdicts and measurements call it."""
        return f"{LANDED}{self.name}" if self.role == "source" else self.name

    @property
    def table(self) -> str:
        """The lake's table of it."""
        return f"{FOLDERS[self.role]}/{self.name}"


def built(project: Project) -> list[Relation]:
    """Return the relations of the last build, by its catalog alone; none before the first.

    Raises:
        BadData: the catalog is no JSON.
    """
    return _catalog(project.state / CATALOG)


def relations(project: Project) -> list[Relation]:
    """Return every relation that somebody described or the lake has, sources first, each by name.

    Raises:
        BadData: the catalog is no JSON.
    """
    told = {found.table: found for found in (*map(_contract, sources(project).values()), *built(project))}
    for role, folder in FOLDERS.items():
        for table in lake.tables(project.lake, folder):
            name = table.removeprefix(f"{folder}/")
            told.setdefault(table, Relation(name, role, "", ()))
    return [told[table] for table in sorted(told, key=lambda table: (not table.startswith("sources/"), table))]


def _contract(source: SourceSpec) -> Relation:
    columns = tuple(Column(name, column.type, column.unit, column.description) for name, column in source.columns.items())
    return Relation(source.source, "source", source.description, columns, tuple(source.key), None, source.known_time)


def _catalog(file: Path) -> list[Relation]:
    if not file.is_file():
        return []
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return [_told(name, facts) for name, facts in told["relations"].items()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadData(where=str(file), what=f"no catalog: {error!r}", fix="run 'shipworthy build', which writes it") from None


def _told(name: str, facts: Mapping[str, Any]) -> Relation:
    columns = tuple(
        Column(column, about.get("type"), about.get("unit"), about.get("description") or "")
        for column, about in (facts.get("columns") or {}).items()
    )
    role: Role = "source" if facts.get("role") == "source" else "published"
    key = facts.get("key") or facts.get("entity") or ()
    return Relation(
        name.removeprefix(LANDED) if role == "source" else name,
        role,
        facts.get("description") or "",
        columns,
        (key,) if isinstance(key, str) else tuple(key),
        facts.get("event_time"),
        facts.get("known_time"),
        facts.get("sound"),
        facts.get("trouble") or "",
    )


def kept(project: Project, told: Relation) -> Relation:
    """Return `told` with what the lake has of it: rows, types, when it was written."""
    if not lake.exists(project.lake, told.table):
        return told
    rows, types, written_at = _content(str(project.lake), lake.pin(project.lake, told.table))
    named = {column.name for column in told.columns}
    columns = tuple(replace(column, type=column.type or types.get(column.name)) for column in told.columns)
    more = tuple(Column(name, kind, None, "") for name, kind in types.items() if name not in named)
    return replace(told, columns=columns + more, rows=rows, written_at=written_at)


@lru_cache(maxsize=512)
def _content(kept_in: str, pin: lake.Pin) -> tuple[int, dict[str, str], datetime]:
    """Return rows, column types and time of the newest version, which never change."""
    with memory() as connection:
        lake.attach(connection, Path(kept_in), "kept", pin)
        rows = connection.execute("select count(*) from kept").fetchall()[0][0]
        columns = connection.execute("describe kept").fetchall()
    types = {str(name): PLAIN.get(str(kind), str(kind).lower()) for name, kind, *_ in columns}
    return int(rows), types, lake.written_at(Path(kept_in), pin.table)
