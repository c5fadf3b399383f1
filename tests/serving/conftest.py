"""A project with a packaged model, and the service of it in a process of its own, answering real HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import lightgbm
import numpy as np
import pyarrow as pa
import pytest

from shipworthy.logbook.segments import Record, read, segments
from shipworthy.records import Task
from shipworthy.registry import package, pointer
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import Package, Provenance
from shipworthy.registry.schema import infer
from shipworthy.spec.project import Project, find

MODEL = "delay"
START = "import sys; from pathlib import Path; from shipworthy.serving.run import serve; from shipworthy.spec.project import find\n"
SERVE = START + "serve(find(Path(sys.argv[1])), port=0)"
ENOUGH_SECONDS = 60.0  # for a service to come up on a busy machine; a limit, not a wait


def inputs(**other: Any) -> dict[str, Any]:
    return {"dep_delay": 12.0, "wind speed": 3.5, "carrier": "UA", **other}


def row(entity: str = "UA 1", **other: Any) -> dict[str, Any]:
    return {"entity": entity, "decided_at": "2013-05-01T12:00:00Z", "inputs": inputs(**other)}


def history(seed: int, rows: int = 400) -> pa.Table:
    random = np.random.default_rng(seed)
    delay, wind = random.normal(10, 20, rows), random.gamma(2, 3, rows)
    carrier = random.choice(["B6", "UA", "VX"], rows)
    label = delay + wind + 5 * (carrier == "UA") + random.normal(0, 1, rows)
    return pa.table({"dep_delay": delay, "wind speed": wind, "carrier": carrier, "label": label})


def packaged(project: Project, version: int, *, model: str = MODEL, task: Task = "regression") -> Package:
    """Return version `version` of a small model, fitted on other rows than every other version."""
    frame, features = history(version), ["dep_delay", "wind speed", "carrier"]
    schema = infer(frame, features, model=model, task=task, label="arr_delay", label_unit="minutes", units={"wind speed": "m/s"})
    labels = frame["label"].to_numpy()
    data = lightgbm.Dataset(encode(schema, frame), labels if task == "regression" else labels > 15, categorical_feature=schema.categorical)
    settings = {"objective": task, "num_leaves": 7, "num_threads": 1, "verbose": -1, "seed": 7}
    text = lightgbm.train(settings, data, num_boost_round=10).model_to_string()
    moment = datetime(2013, 4, 1, tzinfo=UTC)
    folder = project.artifacts / model / str(version)
    sample = frame.select(features).slice(0, 5).to_pylist()
    return package.write(
        folder, version=version, schema=schema, text=text, sample=sample, provenance=Provenance("hash", moment, "run", moment)
    )


def promoted(project: Project, version: int | None, model: str = MODEL) -> None:
    pointer.write(project.live, model, version)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without a promoted model."""
    (tmp_path / "shipworthy.yml").write_text("service: {largest_body_bytes: 200000, most_rows: 500}\n")
    return find(tmp_path)


@pytest.fixture
def live_project(project: Project) -> Project:
    """A project whose version 1 is promoted."""
    packaged(project, 1)
    promoted(project, 1)
    return project


@dataclass(frozen=True)
class Served:
    """A running service, a client of it, and what it logged."""

    project: Project
    process: subprocess.Popen[str]
    client: httpx.Client

    def predict(self, *rows: Mapping[str, Any], model: str = MODEL) -> httpx.Response:
        return self.client.post(f"/models/{model}/predict", json={"rows": rows})

    def logged(self, model: str = MODEL) -> list[Record]:
        return [record for file in segments(self.project.segments / model) for record in read(file)[0]]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Send the signal and return what the process had said on its standard error."""
        self.process.send_signal(how)
        return self.process.communicate(timeout=ENOUGH_SECONDS)[1]


def served(project: Project, *, script: str = SERVE, **environment: str) -> Served:
    """Start the service of `project` in a process of its own and return it once it answers."""
    around = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, str(project.root)],
        env=around,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    told, until = project.state / "service.json", time.monotonic() + ENOUGH_SECONDS
    while not told.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise AssertionError(process.communicate()[1])
        time.sleep(0.02)
    port = json.loads(told.read_text())["port"]
    return Served(project, process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=ENOUGH_SECONDS))


@pytest.fixture
def service(live_project: Project) -> Iterator[Served]:
    """The service of a project whose version 1 is promoted."""
    running = served(live_project)
    yield running
    running.client.close()
    if running.process.poll() is None:
        running.stop()
