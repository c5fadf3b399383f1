"""dbt, by its command and its JSON artifacts: the only door to it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from shipworthy.errors import StepFailed
from shipworthy.gateways.manifest import Manifest, Node, read_manifest
from shipworthy.gateways.pins import PINS

__all__ = [
    "Built",
    "Manifest",
    "Node",
    "ancestors",
    "build",
    "compile_all",
    "definition",
    "dependencies",
    "invoke",
    "manifest",
    "read_manifest",
]

Progress = Callable[[str, int, int], None]
_COUNTED = re.compile(r"(\d+) of (\d+) (OK|PASS|ERROR|FAIL|WARN|SKIP|NO-OP)\S*\s*(.*?)\s*\.*\s*\[")
_OF_MODEL = re.compile(r"Error in (?:model|snapshot) \w+ \(([^)]+)\)")  # it stops at the first, so they come one by one
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Built:
    """What a `dbt build` came to: seconds in all and of each node, and the nodes that did not succeed with their messages."""

    seconds: float
    nodes: int
    failed: Mapping[str, str] = field(default_factory=dict)
    took: Mapping[str, float] = field(default_factory=dict)


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


def compile_all(root: Path, *, profiles: Path, warehouse: Path, target: Path, log: Path) -> dict[str, str]:
    """Compile the SQL of every model without asking a warehouse, and leave the manifest in `target`.

    Return the files of the models that cannot be compiled so, because their templates ask the warehouse, each with dbt's words;
    the manifest has them without their SQL.

    Args:
        root: the project's folder, its packages in place.
        profiles: the folder of the profile to use.
        warehouse: a file that may be made and thrown away.
        target: where the manifest goes.
        log: where all that dbt says goes.

    Raises:
        StepFailed: dbt cannot read the project.
    """
    failed: dict[str, str] = {}
    while True:
        arguments = ["compile", "--no-introspect", "--no-populate-cache", "--profiles-dir", str(profiles), "--target-path", str(target)]
        arguments += ["--select", "resource_type:model", "resource_type:snapshot"]
        arguments += ["--exclude", *(f"path:{file}" for file in failed)] if failed else []
        if invoke(root, arguments, warehouse=warehouse, log=log) == 0:
            return failed
        said = _ESCAPES.sub("", log.read_text(encoding="utf-8"))
        new = {file: _last_words(log) for file in _OF_MODEL.findall(said) if file not in failed}
        if not new:
            raise StepFailed(where=f"dbt compile in {root}", what=_last_words(log), fix="mend the dbt project: dbt cannot read it")
        failed |= new


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
    took = {found["unique_id"]: float(found["execution_time"]) for found in results["results"] if found.get("execution_time") is not None}
    return Built(results["elapsed_time"], len(results["results"]), bad, took)


def _bad(status: str) -> bool:
    return status in ("error", "fail", "skipped", "runtime error")


def manifest(target: Path) -> dict[str, Node]:
    """Return the nodes of the manifest in `target`, by unique id.

    Raises:
        StepFailed: there is no manifest yet.
    """
    return dict(read_manifest(target / "manifest.json").nodes)


def definition(nodes: Mapping[str, Node], unique_id: str) -> str:
    """Return a hash of the SQL that `unique_id` and all it is built from are written in; space between words does not count."""
    known = [nodes[name] for name in sorted(ancestors(nodes, unique_id)) if name in nodes]
    written = [[node.unique_id, " ".join(f"{node.raw} {node.called}".split())] for node in known]
    return sha256(json.dumps(written).encode()).hexdigest()[:16]


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
