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
    """One landed or published relation; `rows` and `written_at` are None where the lake has none of it."""

    name: str
    role: Role
    description: str
    columns: tuple[Column, ...]
    entity: tuple[str, ...] = ()
    event_time: str | None = None
    known_time: str | None = None
    rows: int | None = None
    written_at: datetime | None = None

    @property
    def table(self) -> str:
        """The lake's table of it."""
        return f"{FOLDERS[self.role]}/{self.name}"


def described(project: Project) -> dict[str, Relation]:
    """Return the relations that somebody described, by their table in the lake; nothing is read of the lake.

    Raises:
        BadData: the catalog is no JSON.
    """
    return {found.table: found for found in (*map(_contract, sources(project).values()), *_catalog(project.state / CATALOG))}


def relations(project: Project) -> list[Relation]:
    """Return the project's relations with what the lake has of them: sources first, each by name.

    Raises:
        BadData: the catalog is no JSON.
    """
    told = described(project)
    for role, folder in FOLDERS.items():
        for table in lake.tables(project.lake, folder):
            name = table.removeprefix(f"{folder}/")
            told.setdefault(table, Relation(name, role, "", ()))
    return [_kept(project.lake, told[table]) for table in sorted(told, key=lambda table: (not table.startswith("sources/"), table))]


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
    entity = facts.get("entity") or ()
    keys = (entity,) if isinstance(entity, str) else tuple(entity)
    return Relation(name, role, facts.get("description") or "", columns, keys, facts.get("event_time"), facts.get("known_time"))


def _kept(kept_in: Path, told: Relation) -> Relation:
    if not lake.exists(kept_in, told.table):
        return told
    version = lake.pin(kept_in, told.table).version
    rows, types = _size(str(kept_in), told.table, version)
    named = {column.name for column in told.columns}
    columns = tuple(replace(column, type=column.type or types.get(column.name)) for column in told.columns)
    more = tuple(Column(name, kind, None, "") for name, kind in types.items() if name not in named)
    return replace(told, columns=columns + more, rows=rows, written_at=lake.written_at(kept_in, told.table))


@lru_cache(maxsize=512)
def _size(kept_in: str, table: str, version: int) -> tuple[int, dict[str, str]]:
    """Return rows and column types of one version, which never change."""
    with memory() as connection:
        lake.attach(connection, Path(kept_in), "kept", lake.Pin(table, version))
        rows = connection.execute("select count(*) from kept").fetchall()[0][0]
        columns = connection.execute("describe kept").fetchall()
    return int(rows), {str(name): PLAIN.get(str(kind), str(kind).lower()) for name, kind, *_ in columns}
