"""What a dbt manifest says of a team's models: keys, references, who is built from whom."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BEFORE_MARTS = re.compile(r"(^|/)(staging|base|intermediate)/|(^|/)(stg|base|int)_[^/]*$")
REFERENCE = re.compile(r"ref\(\s*(?:['\"][^'\"]+['\"]\s*,\s*)?['\"]([^'\"]+)['\"]")
COMBINATIONS = {"unique_combination_of_columns": "combination_of_columns", "unique_grain": "columns"}
STORED = ("table", "view", "incremental", "external", "materialized_view", "snapshot")


@dataclass(frozen=True, slots=True)
class Described:
    """One model: where it lies, what dbt tests in it, and which models it is built from.

    `unique`, `required`, `refers` and `grains` are what dbt tests; `refers` is model and column, by column.
    """

    name: str
    schema: str
    table: str
    file: str
    columns: tuple[str, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    unique: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    grains: tuple[tuple[str, ...], ...] = ()
    ancestors: frozenset[str] = frozenset()
    owner: str | None = None


def described(manifest: Mapping[str, Any]) -> dict[str, Described]:
    """Return the models of `manifest` that a spec could name, by name.

    Left out: what lies before the marts (staging, base, intermediate), what is not stored, other packages,
    and what has its `config.meta.shipworthy` already.
    """
    nodes: Mapping[str, Mapping[str, Any]] = manifest["nodes"]
    ours = manifest.get("metadata", {}).get("project_name")
    tests = [node for node in nodes.values() if node["resource_type"] == "test" and node.get("test_metadata")]
    return {
        node["name"]: _described(manifest, unique_id, [test for test in tests if test.get("attached_node") == unique_id])
        for unique_id, node in nodes.items()
        if node["resource_type"] in ("model", "snapshot") and node.get("package_name", ours) == ours and _wanted(node)
    }


def _wanted(node: Mapping[str, Any]) -> bool:
    config = node.get("config", {})
    if config.get("materialized") not in STORED or "shipworthy" in (config.get("meta") or {}) | (node.get("meta") or {}):
        return False
    path = str(node.get("original_file_path", "")).replace("\\", "/").removesuffix(".sql")
    return not BEFORE_MARTS.search(path)


def _described(manifest: Mapping[str, Any], unique_id: str, tests: Sequence[Mapping[str, Any]]) -> Described:
    node = manifest["nodes"][unique_id]
    said = [(test["test_metadata"]["name"], test["test_metadata"].get("kwargs", {})) for test in tests]
    return Described(
        name=node["name"],
        schema=node["schema"],
        table=node.get("alias") or node["name"],
        file=node.get("original_file_path", ""),
        columns=tuple(node.get("columns", {})),
        descriptions={name: column.get("description", "") for name, column in node.get("columns", {}).items()},
        unique=frozenset(kwargs["column_name"] for name, kwargs in said if name == "unique" and "column_name" in kwargs),
        required=frozenset(kwargs["column_name"] for name, kwargs in said if name == "not_null" and "column_name" in kwargs),
        refers=dict(filter(None, (_reference(kwargs) for name, kwargs in said if name == "relationships"))),
        grains=tuple(tuple(kwargs[COMBINATIONS[name]]) for name, kwargs in said if COMBINATIONS.get(name) in kwargs),
        ancestors=frozenset(_ancestors(manifest["nodes"], unique_id)),
        owner=_owner(manifest, node),
    )


def _reference(kwargs: Mapping[str, Any]) -> tuple[str, tuple[str, str]] | None:
    to = REFERENCE.search(str(kwargs.get("to", "")))
    if not to or not {"column_name", "field"} <= set(kwargs):
        return None
    return kwargs["column_name"], (to[1], kwargs["field"])


def _ancestors(nodes: Mapping[str, Mapping[str, Any]], unique_id: str) -> set[str]:
    """Return the names of all models, seeds and snapshots that `unique_id` is built from."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        parents = [parent for parent in nodes[waiting.pop()].get("depends_on", {}).get("nodes", ()) if parent in nodes]
        waiting += [parent for parent in parents if nodes[parent]["name"] not in found]
        found |= {nodes[parent]["name"] for parent in parents}
    return found


def _owner(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> str | None:
    """Return who answers for the model: its own `meta.owner`, else the address of its dbt group."""
    meta = (node.get("config", {}).get("meta") or {}) | (node.get("meta") or {})
    groups = [group for group in manifest.get("groups", {}).values() if group.get("name") == node.get("group")]
    return meta.get("owner") or next((group.get("owner", {}).get("email") for group in groups), None)
