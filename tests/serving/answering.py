"""A project with a packaged model, and the service of it in a process of its own, answering real HTTP."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import lightgbm
import numpy as np
import pyarrow as pa

from shipworthy.logbook.segments import Record, read, segments
from shipworthy.records import Task
from shipworthy.registry import package, pointer
from shipworthy.registry.encoding import encode
from shipworthy.registry.package import Model, Package, Provenance
from shipworthy.registry.schema import infer
from shipworthy.serving.run import bound, running_file, server
from shipworthy.spec.project import Project

MODEL = "delay"
SERVE = (
    "import sys; from pathlib import Path; from shipworthy.serving.run import serve; from shipworthy.spec.project import find\n"
    "serve(find(Path(sys.argv[1])), port=0)"
)
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
        folder,
        version=version,
        schema=schema,
        model=Model("lightgbm", text.encode()),
        sample=sample,
        provenance=Provenance("hash", moment, "run", moment),
    )


def promoted(project: Project, version: int | None, model: str = MODEL) -> None:
    pointer.write(project.live, model, version)


def logged(project: Project, model: str = MODEL) -> list[Record]:
    return [record for file in segments(project.segments / model) for record in read(file)[0]]


@dataclass(frozen=True)
class Served:
    """A running service of a project, and a client of it."""

    project: Project
    client: httpx.Client

    def predict(self, *rows: Mapping[str, Any], model: str = MODEL) -> httpx.Response:
        return self.client.post(f"/models/{model}/predict", json={"rows": rows})

    def logged(self, model: str = MODEL) -> list[Record]:
        return logged(self.project, model)

    def until(self, holds: Callable[[], bool]) -> None:
        """Return once `holds`; fail where it does not within a limit."""
        limit = time.monotonic() + ENOUGH_SECONDS
        while not holds():
            assert time.monotonic() < limit
            time.sleep(0.02)


def client(project: Project, *, alive: Callable[[], bool]) -> httpx.Client:
    """Return a client of the service of `project`, once it says where it answers."""
    told, limit = running_file(project), time.monotonic() + ENOUGH_SECONDS
    while not told.exists():
        assert alive(), "the service did not start"
        assert time.monotonic() < limit
        time.sleep(0.02)
    return httpx.Client(base_url=f"http://127.0.0.1:{json.loads(told.read_text())['port']}", timeout=ENOUGH_SECONDS, verify=False)


@contextmanager
def served(project: Project) -> Iterator[Served]:
    """The service of `project` in a thread of this process, over real HTTP."""
    with bound("127.0.0.1", 0) as listening:
        running = server(project)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with client(project, alive=thread.is_alive) as caller:
                yield Served(project, caller)
        finally:
            running.should_exit = True
            thread.join()


@dataclass(frozen=True)
class Apart(Served):
    """A service in a process of its own."""

    process: subprocess.Popen[str]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Send the signal and return what the process had said on its standard error."""
        self.process.send_signal(how)
        return self.process.communicate(timeout=ENOUGH_SECONDS)[1]


@contextmanager
def served_apart(project: Project, script: str = SERVE) -> Iterator[Apart]:
    """The service of `project` in a process of its own, over real HTTP."""
    command = [sys.executable, "-W", "error", "-c", script, str(project.root)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            with client(project, alive=lambda: process.poll() is None) as caller:
                yield Apart(project, caller, process)
        finally:
            process.kill()
