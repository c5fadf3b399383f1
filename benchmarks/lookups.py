"""Measures a prediction whose features are looked up, beside the same prediction with every feature sent, over HTTP on this machine.

    python benchmarks/lookups.py [SECONDS] [REDIS_URL]

It makes a project of its own: a model with six feature relations of 100,000 entities and five columns each. One caller asks both ways in
turn, so that what else the machine does falls on both. With REDIS_URL the store is that Redis, else SQLite.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import lightgbm
import msgspec
import numpy as np
import pyarrow as pa

from shipworthy.gateways.online.entry import Entry, Publication, key, micros, pack
from shipworthy.gateways.online.store import open_store
from shipworthy.registry import package, pointer
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import Model, Provenance
from shipworthy.registry.schema import Key, Lookup, infer
from shipworthy.spec.project import Project, find

SERVE = "import sys; from pathlib import Path; from shipworthy.serving.run import serve; from shipworthy.spec.project import find\n"
SERVE += "serve(find(Path(sys.argv[1])), port=0)"
TICK = os.sysconf("SC_CLK_TCK")
RELATIONS, ENTITIES, COLUMNS = [f"relation_{number}" for number in range(6)], 100_000, [f"x{number}" for number in range(5)]
NAMES = [f"{relation}_{column}" for relation in RELATIONS for column in COLUMNS]


def main(seconds: float, url: str | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        project = made(Path(scratch), url)
        with subprocess.Popen([sys.executable, "-c", SERVE, scratch]) as process:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port(project)}", timeout=60) as client:
                    for rows in (1, 10, 100):
                        measure(client, process.pid, rows, seconds)
            finally:
                process.terminate()


def made(folder: Path, url: str | None) -> Project:
    os.environ["ONLINE_URL"] = url or ""
    online = "online: {store: redis, url_from: ONLINE_URL, prefix: benchmark}\n" if url else "{}\n"
    (folder / "shipworthy.yml").write_text(online)
    project = find(folder)
    random = np.random.default_rng(7)
    frame = pa.table({name: random.normal(size=2000) for name in NAMES})
    schema = infer(frame, NAMES, model="benchmark", task="regression", label="y")
    lookups = tuple(Lookup(name, name, (Key(name, "integer"),), {f"{name}_{column}": column for column in COLUMNS}) for name in RELATIONS)
    schema = type(schema)(schema.model, schema.task, schema.label, schema.columns, schema.unit, lookups)
    label = sum(frame[name].to_numpy() for name in NAMES[:7])
    settings = {"objective": "regression", "num_leaves": 31, "num_threads": 1, "verbose": -1}
    text = lightgbm.train(settings, lightgbm.Dataset(encode(schema, frame), label), num_boost_round=200).model_to_string()
    now = datetime.now(UTC)
    sample = frame.slice(0, 5).to_pylist()
    told = Provenance("hash", now, "run", now)
    package.write(
        project.artifacts / "benchmark" / "1",
        version=1,
        schema=schema,
        model=Model("lightgbm", text.encode()),
        sample=sample,
        provenance=told,
    )
    pointer.write(project.live, "benchmark", 1)
    publish(project, now)
    return project


def publish(project: Project, now: datetime) -> None:
    store, started = open_store(project), time.perf_counter()
    at = micros(now - timedelta(hours=1))
    values = np.random.default_rng(8).normal(size=(ENTITIES, len(COLUMNS))).tolist()

    def shelves() -> Any:
        for relation in RELATIONS:
            said = Publication(relation, 1, now, "sql", tuple(COLUMNS), now - timedelta(hours=1), None)
            yield said, ((key([number]), pack([Entry(at, at, at, row)])) for number, row in enumerate(values))

    for words in ("all of it", "the same again"):
        begun = time.perf_counter()
        store.publish(shelves())
        print(f"publish {len(RELATIONS) * ENTITIES:,} entities, {words}: {time.perf_counter() - begun:.1f} s")
    store.close()
    print(f"store ready after {time.perf_counter() - started:.1f} s")


def port(project: Project) -> int:
    told = project.state / "service.json"
    while not told.exists():
        time.sleep(0.05)
    return int(msgspec.json.decode(told.read_bytes())["port"])


def measure(client: httpx.Client, pid: int, rows: int, seconds: float) -> None:
    random = np.random.default_rng(rows)
    ways = ("sent", "looked up")
    times: dict[str, list[float]] = {way: [] for way in ways}
    cpu = dict.fromkeys(ways, 0.0)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for way in ways:
            body = msgspec.json.encode({"rows": [row(random, number, way) for number in range(rows)]})
            used, started = cpu_seconds(pid), time.perf_counter()
            for _ in range(20):
                answer = client.post("/models/benchmark/predict", content=body, headers={"content-type": "application/json"})
                answer.raise_for_status()
            times[way].append((time.perf_counter() - started) / 20)
            cpu[way] += cpu_seconds(pid) - used
    for way, taken in times.items():
        requests = len(taken) * 20
        print(
            f"{rows:5} rows {way:10} p50 {statistics.median(taken) * 1000:7.2f} ms  best {min(taken) * 1000:7.2f} ms"
            f"  CPU {cpu[way] / requests * 1e6:7.0f} us a request  {requests:6} requests"
        )


def row(random: np.random.Generator, number: int, way: str) -> dict[str, Any]:
    said = {"entity": f"row {number}", "decided_at": datetime.now(UTC).isoformat()}
    if way == "sent":
        return said | {"inputs": dict(zip(NAMES, random.normal(size=len(NAMES)).tolist(), strict=True))}
    return said | {"decision": {name: int(random.integers(ENTITIES)) for name in RELATIONS}}


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 6.0, sys.argv[2] if len(sys.argv) > 2 else None)
