"""Measures the service over HTTP on this machine: time of a request, CPU of the service for it, by rows in it.

    python benchmarks/serving.py PROJECT [SECONDS]

PROJECT has a promoted model. Its service is started, asked by one caller, and stopped; what it logs goes to a
temporary folder. CPU says more than time where the machine is shared.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec

from shipworthy.spec.project import Project, find

SERVE = "import sys; from pathlib import Path; from shipworthy.serving.run import serve; from shipworthy.spec.project import find\n"
SERVE += "serve(find(Path(sys.argv[1])), port=0)"
TICK = os.sysconf("SC_CLK_TCK")


def main(folder: Path, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        project = aside(find(folder), Path(scratch))
        with subprocess.Popen([sys.executable, "-c", SERVE, scratch]) as process:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port(project)}", timeout=60) as client:
                    for rows in (1, 10, 100, 1000):
                        measure(client, process.pid, rows, seconds)
            finally:
                process.terminate()


def aside(project: Project, scratch: Path) -> Project:
    """Return a project in `scratch` with the same models and pointers, and a log of its own."""
    (scratch / "shipworthy.yml").write_text("service: {largest_body_bytes: 10000000}\n")
    other = find(scratch)
    other.state.mkdir()
    for name in ("models", "live"):
        (other.state / name).symlink_to(project.state / name)
    return other


def port(project: Project) -> int:
    told = project.state / "service.json"
    while not told.exists():
        time.sleep(0.05)
    return int(msgspec.json.decode(told.read_bytes())["port"])


def measure(client: httpx.Client, pid: int, rows: int, seconds: float) -> None:
    model = client.get("/models").json()["models"][0]["model"]
    schema = client.get(f"/models/{model}").json()["schema"]
    body = msgspec.json.encode({"rows": [row(schema, number) for number in range(rows)]})
    times, cpu, until = [], cpu_seconds(pid), time.perf_counter() + seconds
    while time.perf_counter() < until:
        started = time.perf_counter()
        client.post(f"/models/{model}/predict", content=body, headers={"content-type": "application/json"}).raise_for_status()
        times.append(time.perf_counter() - started)
    used = (cpu_seconds(pid) - cpu) / len(times)
    median, worst = statistics.median(times) * 1000, sorted(times)[int(len(times) * 0.99)] * 1000
    print(f"{model}: {rows:5} rows  p50 {median:8.2f} ms  p99 {worst:8.2f} ms  CPU {used * 1e6:9.0f} us a request  {len(times):6} requests")


def row(schema: dict[str, Any], number: int) -> dict[str, Any]:
    inputs = {column["name"]: value(column, number) for column in schema["columns"]}
    return {"entity": f"row {number}", "decided_at": datetime.now(UTC).isoformat(), "inputs": inputs}


def value(column: dict[str, Any], number: int) -> float | str | None:
    if column["kind"] == "category":
        return column["categories"][number % len(column["categories"])] if column["categories"] else None
    share = number * 0.618 % 1
    return None if column["low"] is None else column["low"] + share * (column["high"] - column["low"])


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 3.0)
