"""Manifests as dbt 1 and 2 both write them, as small as they can be."""

import json
from collections.abc import Iterable
from pathlib import Path

PARTS = {"nodes": ("model", "seed", "snapshot", "test"), "sources": ("source",), "exposures": ("exposure",)}


def node(kind: str, name: str, code: str | None = None, parents: tuple[str, ...] = (), **more: object) -> dict[str, object]:
    """Return a node as a manifest has it, with what dbt 1 and 2 both write."""
    source = {"source_name": more.pop("group")} if "group" in more else {}
    unique_id = ".".join([kind, "shop", *source.values(), name])
    return {
        "unique_id": unique_id, "resource_type": kind, "name": name, "compiled_code": code, "language": "sql",
        "depends_on": {"nodes": list(parents)}, "relation_name": f'"shop"."main"."{name}"', "original_file_path": f"models/{name}.sql",
        "config": {}, "columns": {},
    } | source | more  # fmt: skip


def columns(*names: str, **roles: str) -> dict[str, object]:
    return {
        name: {"name": name, "description": "", "config": {"meta": {"shipworthy": {"role": roles[name]} if name in roles else {}}}}
        for name in names
    }


def written(file: Path, nodes: Iterable[dict[str, object]], *, macros: dict[str, str] | None = None) -> Path:
    """Write the manifest of a project on DuckDB with these nodes."""
    found = {str(one["unique_id"]): one for one in nodes}
    said = {part: {name: one for name, one in found.items() if one["resource_type"] in of} for part, of in PARTS.items()}
    about = {"metadata": {"adapter_type": "duckdb", "project_name": "shop"}}
    texts = {"macros": {name: {"macro_sql": text} for name, text in (macros or {}).items()}}
    file.write_text(json.dumps(about | said | texts))
    return file
