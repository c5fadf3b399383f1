"""dbt, by its command and its JSON artifacts: the only door to it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.errors import StepFailed
from shipworthy.gateways.pins import PINS

Progress = Callable[[str, int, int], None]
_COUNTED = re.compile(r"(\d+) of (\d+) (OK|PASS|ERROR|FAIL|WARN|SKIP|NO-OP)\S*\s*(.*?)\s*\.*\s*\[")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Node:
    """One model, seed, snapshot, source or test of a dbt project, as its manifest has it."""

    unique_id: str
    kind: str
    name: str
    description: str
    columns: Mapping[str, Mapping[str, Any]]
    meta: Mapping[str, Any]
    parents: tuple[str, ...]
    path: str
    relation: str | None


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
    file = target / "manifest.json"
    if not file.is_file():
        raise StepFailed(where=str(file), what="dbt has left no manifest", fix="run 'shipworthy build'")
    said = json.loads(file.read_text(encoding="utf-8"))
    found = {**said["nodes"], **said["sources"], **said["exposures"]}
    return {unique_id: _node(unique_id, node) for unique_id, node in found.items()}


def _node(unique_id: str, node: Mapping[str, Any]) -> Node:
    columns = {name: _described(column) for name, column in node.get("columns", {}).items()}
    parents = tuple(node.get("depends_on", {}).get("nodes", ()))
    return Node(
        unique_id,
        node["resource_type"],
        node["name"],
        node.get("description") or "",
        columns,
        _ours(node),
        parents,
        node.get("original_file_path", ""),
        node.get("relation_name"),
    )


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
