"""dbt, by its command and its JSON artifacts: the only door to it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from shipworthy.errors import StepFailed
from shipworthy.gateways.pins import PINS

Progress = Callable[[str, int, int], None]
ADAPTERS = ("macro.dbt.", "macro.dbt_duckdb.")  # what they do is dbt's business, not the project's
_COUNTED = re.compile(r"(\d+) of (\d+) (OK|PASS|ERROR|FAIL|WARN|SKIP|NO-OP)\S*\s*(.*?)\s*\.*\s*\[")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


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


@dataclass(frozen=True, slots=True)
class Built:
    """What a `dbt build` came to: seconds, and the nodes that did not succeed with their messages."""

    seconds: float
    nodes: int
    failed: Mapping[str, str] = field(default_factory=dict)


def invoke(
    root: Path, arguments: list[str], *, warehouse: Path, log: Path, pins: Path | None = None, progress: Progress | None = None
) -> int:
    """Run `dbt` with `arguments` in the project `root` and return its exit code; all it says goes to `log`.

    A person's own settings (profiles folder, target) are respected; the warehouse file and the pins go in by environment.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"SHIPWORTHY_WAREHOUSE": str(warehouse), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1"}
    environment |= {PINS: str(pins)} if pins else {}
    command = [sys.executable, "-W", "ignore", "-m", "shipworthy.gateways.dbt_process", "--no-use-colors", *arguments]
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with process, log.open("w", encoding="utf-8") as kept:
        for line in process.stdout or ():
            kept.write(line)
            _report(line, progress)
    return process.returncode


def _report(line: str, progress: Progress | None) -> None:
    counted = _COUNTED.search(_ESCAPES.sub("", line))
    if counted and progress:
        progress(re.sub(r"^.*\.(\w+)$", r"\1", counted[4].split(" in ")[0].split(" .")[0]), int(counted[1]), int(counted[2]))


def build(
    root: Path, *, warehouse: Path, target: Path, log: Path, pins: Path | None = None, tests: bool = True, progress: Progress | None = None
) -> Built:
    """Run `dbt build` and return what it came to; artifacts are written to `target`.

    Raises:
        StepFailed: dbt could not run at all: its last words are in the error, all of them in `log`.
    """
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    arguments = [
        "build",
        "--target-path",
        str(target),
        *([] if tests else ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]),
    ]
    code = invoke(root, arguments, warehouse=warehouse, log=log, pins=pins, progress=progress)
    if code not in (0, 1) or not results.is_file():
        raise StepFailed(where=f"dbt build in {root}", what=_last_words(log), fix=f"read {log}, mend the dbt project, run again")
    return _built(json.loads(results.read_text(encoding="utf-8")))


def dependencies(root: Path, *, warehouse: Path, log: Path) -> None:
    """Run `dbt deps`; only local packages need no network.

    Raises:
        StepFailed: dbt could not install a package.
    """
    if invoke(root, ["deps"], warehouse=warehouse, log=log) != 0:
        raise StepFailed(where=f"dbt deps in {root}", what=_last_words(log), fix=f"read {log}, mend packages.yml, run again")


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    said = [re.sub(r"^\d\d:\d\d:\d\d\s*", "", line) for line in lines[-12:]]
    return " / ".join(said)[-600:] or "dbt said nothing"


def _built(results: Mapping[str, Any]) -> Built:
    bad = {
        found["unique_id"]: f"{found['status']}: {found.get('message') or ''}"[:500]
        for found in results["results"]
        if _bad(found["status"])
    }
    return Built(results["elapsed_time"], len(results["results"]), bad)


def _bad(status: str) -> bool:
    return status in ("error", "fail", "skipped", "runtime error")


def manifest(target: Path) -> dict[str, Node]:
    """Return the nodes of the manifest in `target`, by unique id.

    Raises:
        StepFailed: there is no manifest yet.
    """
    return dict(read_manifest(target / "manifest.json").nodes)


def read_manifest(file: Path) -> Manifest:
    """Return what the manifest `file` says, of dbt 1 or 2: only what both have is read.

    Raises:
        StepFailed: there is no such file, or it is no manifest.
    """
    if not file.is_file():
        raise StepFailed(where=str(file), what="dbt has left no manifest", fix="run 'shipworthy build'")
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        found = {**said["nodes"], **said["sources"], **said.get("exposures", {}), **said.get("unit_tests", {})}
        about = said["metadata"]
    except (ValueError, KeyError, TypeError) as error:
        raise StepFailed(where=str(file), what=f"is no manifest of dbt: {error!r}", fix="make it with dbt compile or dbt build") from None
    groups = {group["name"]: (group.get("owner") or {}) for group in said.get("groups", {}).values()}
    nodes = {unique_id: _node(unique_id, node, groups, said.get("macros", {})) for unique_id, node in found.items()}
    macros = {name: str(macro.get("macro_sql", "")) for name, macro in said.get("macros", {}).items()}
    return Manifest(about.get("adapter_type") or "", about.get("project_name") or "", nodes, macros)


def definition(nodes: Mapping[str, Node], unique_id: str) -> str:
    """Return a hash of the SQL that `unique_id` and all it is built from are written in; space between words does not count."""
    known = [nodes[name] for name in sorted(ancestors(nodes, unique_id)) if name in nodes]
    written = [[node.unique_id, " ".join(f"{node.raw} {node.called}".split())] for node in known]
    return sha256(json.dumps(written).encode()).hexdigest()[:16]


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
        owner=_owner(node, groups),
        source=node.get("source_name") or "",
        called=_called(node, macros),
    )


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


def ancestors(nodes: Mapping[str, Node], unique_id: str) -> set[str]:
    """Return the unique ids of all that `unique_id` is built from, itself included."""
    seen: set[str] = set()
    waiting = [unique_id]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(nodes[current].parents if current in nodes else ())
    return seen
