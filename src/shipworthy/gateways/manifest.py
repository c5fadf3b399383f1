"""What dbt's manifest says, of dbt 1 and 2 alike: read from its JSON, without dbt."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.errors import StepFailed

ADAPTERS = ("macro.dbt.", "macro.dbt_duckdb.")  # what they do is dbt's business, not the project's
_MORE = ("exposures", "metrics", "saved_queries", "semantic_models", "unit_tests")


@dataclass(frozen=True, slots=True)
class Node:
    """One model, seed, snapshot, source, test or exposure of a dbt project, as its manifest has it.

    Args:
        unique_id: dbt's name of it.
        kind: dbt's resource type.
        name: its own name.
        description: "" where nobody described it.
        columns: what its YAML says of each column: description, type, our facts.
        meta: our facts: `config.meta.shipworthy`.
        parents: the unique ids of what it is built from.
        path: the file that it is written in, from the project's folder.
        relation: its table as SQL names it; None where it has none.
        code: its SQL without templates; None where dbt has not compiled it, or it is no SQL.
        raw: its text as it is written.
        language: sql or python.
        location: the text that stands for it in SQL, where dbt-duckdb reads it from files; None elsewhere.
        config: its settings, as far as they are set, without meta, tags and documentation.
        test: of a test, which one, with its arguments.
        checksum: of its text, or of a seed's file; "" where there is none.
        owner: who answers for it; None where nobody said.
        source: of a source, the name of the group that it belongs to; "" elsewhere.
        called: the text of the macros that it calls, and of those that they call; dbt's own are left out.
    """

    unique_id: str
    kind: str
    name: str
    description: str
    columns: Mapping[str, Mapping[str, Any]]
    meta: Mapping[str, Any]
    parents: tuple[str, ...]
    path: str
    relation: str | None
    code: str | None = None
    raw: str = ""
    language: str = "sql"
    location: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    test: Mapping[str, Any] = field(default_factory=dict)
    checksum: str = ""
    owner: str | None = None
    source: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What dbt knows of a project: the type of its adapter, its nodes by unique id, the text of its macros."""

    adapter: str
    project: str
    nodes: Mapping[str, Node]
    macros: Mapping[str, str] = field(default_factory=dict)


def read_manifest(file: Path) -> Manifest:
    """Return what the manifest `file` says, of dbt 1 or 2: only what both have is read.

    Raises:
        StepFailed: there is no such file, or it is no manifest.
    """
    if not file.is_file():
        raise StepFailed(where=str(file), what="dbt has left no manifest", fix="run 'shipworthy build'")
    try:
        return _read(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StepFailed(where=str(file), what=f"is no manifest of dbt: {error!r}", fix="make it with dbt compile or dbt build") from None


def _read(said: Mapping[str, Any]) -> Manifest:
    about = said["metadata"]
    found = {**said["nodes"], **said["sources"], **{name: node for part in _MORE for name, node in said.get(part, {}).items()}}
    groups = {group["name"]: (group.get("owner") or {}) for group in said.get("groups", {}).values()}
    nodes = {unique_id: _node(unique_id, node, groups, said.get("macros", {})) for unique_id, node in found.items()}
    macros = {name: str(macro.get("macro_sql", "")) for name, macro in said.get("macros", {}).items()}
    return Manifest(about.get("adapter_type") or "", about.get("project_name") or "", nodes, macros)


def _node(
    unique_id: str, node: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], macros: Mapping[str, Mapping[str, Any]]
) -> Node:
    python = node.get("language") == "python"
    return Node(
        unique_id,
        node["resource_type"],
        node["name"],
        node.get("description") or "",
        {name: _described(column) for name, column in (node.get("columns") or {}).items()},
        _ours(node),
        tuple((node.get("depends_on") or {}).get("nodes") or ()),
        node.get("original_file_path") or "",
        node.get("relation_name"),
        code=None if python else node.get("compiled_code") or None,
        raw=node.get("raw_code") or "",
        language=node.get("language") or "sql",
        location=_location(node),
        config=_config(node),
        test=_test(node),
        checksum=(node.get("checksum") or {}).get("checksum") or "",
        owner=_owner(node, groups),
        source=node.get("source_name") or "",
        called=_called(node, macros),
    )


def _called(node: Mapping[str, Any], macros: Mapping[str, Any]) -> str:
    called, waiting = set(), list(_macros(node))
    while waiting:
        name = waiting.pop()
        if name in macros and name not in called and not name.startswith(ADAPTERS):
            called.add(name)
            waiting += _macros(macros[name])
    return "\n".join(macros[name].get("macro_sql") or "" for name in sorted(called))


def _macros(node: Mapping[str, Any]) -> Sequence[str]:
    return (node.get("depends_on") or {}).get("macros") or ()


def _config(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that are set, those of a source beside its config among them."""
    told = {name: node[name] for name in ("loaded_at_field", "freshness", "type") if node.get(name)} | dict(node.get("config") or {})
    return {
        name: value
        for name, value in told.items()
        if name not in ("meta", "tags", "docs", "enabled", "group") and value not in (None, [], {}, "")
    }


def _test(node: Mapping[str, Any]) -> dict[str, Any]:
    said = node.get("test_metadata") or {}
    if node["resource_type"] == "unit_test":
        return {"name": "unit test", "of": node.get("model"), "given": node.get("given"), "expect": node.get("expect")}
    arguments = {name: value for name, value in (said.get("kwargs") or {}).items() if name != "model"}
    return (
        {"name": said["name"], "of": node.get("attached_node"), "column": node.get("column_name"), "arguments": arguments} if said else {}
    )


def _owner(node: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return who answers for a node: its owner, its `meta.owner`, the owner of its group."""
    config = node.get("config") or {}
    named = (config.get("meta") or {}).get("owner") or (node.get("meta") or {}).get("owner")
    group = groups.get(node.get("group") or config.get("group") or "", {})
    told = named if isinstance(named, str) else None
    owner = node.get("owner") or {}
    return told or owner.get("email") or owner.get("name") or group.get("email") or group.get("name")


def _location(node: Mapping[str, Any]) -> str | None:
    """Return the SQL that dbt-duckdb puts where a source of files is named."""
    holders = [(node.get("config") or {}).get("meta"), node.get("meta"), node.get("source_meta")]
    said = next((holder["external_location"] for holder in holders if holder and "external_location" in holder), None)
    if said is None:
        return None
    known = {name: str(node.get(name) or "") for name in ("name", "identifier", "schema", "database")}
    written = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), str(said))
    return written if "(" in written or written.startswith("'") else f"'{written}'"


def _described(column: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": column.get("description") or "", "type": column.get("data_type"), **_ours(column)}


def _ours(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return `config.meta.shipworthy`, or the older `meta.shipworthy`."""
    for holder in (node.get("config") or {}, node):
        said = (holder.get("meta") or {}).get("shipworthy")
        if said:
            return dict(said)
    return {}
