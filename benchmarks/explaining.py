"""Measures what an explanation takes, over HTTP and for a model of another kind, and how often guards of studies fire on clean data.

    python benchmarks/explaining.py service PROJECT [SECONDS]
    python benchmarks/explaining.py kinds
    python benchmarks/explaining.py false_alarms [ROUNDS]

PROJECT has a promoted model. `false_alarms` draws whole days of real sets anew (see tests/real_data), fits a small LightGBM to each
and counts what the studies `explanation`, `shortcut`, `robustness` and `behaviour` refuse and note.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import lightgbm
import msgspec
import numpy as np
import pyarrow as pa
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.serving import SERVE, aside, cpu_seconds, port, row
from tests.real_data import sets
from tests.subjects import subject_of

from shipworthy.families import members
from shipworthy.flows import studies
from shipworthy.flows.studies.base import Study
from shipworthy.registry.explaining.explained import Numbers
from shipworthy.registry.explaining.explainer import Explainer
from shipworthy.registry.explaining.sampling import Asked
from shipworthy.registry.explaining.trees import Trees
from shipworthy.spec.project import find

CLEAN = ("adult", "noaa_weather", "restaurant_deliveries", "flights")
GUARDS = ("behaviour", "explanation", "robustness", "shortcut")
SMALL = {"parameters": {"num_iterations": 60}}


def service(folder: Path, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        project = aside(find(folder), Path(scratch))
        with subprocess.Popen([sys.executable, "-c", SERVE, scratch]) as process:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port(project)}", timeout=60) as client:
                    for path in ("predict", "explain"):
                        asked(client, process.pid, path, seconds)
            finally:
                process.terminate()


def asked(client: httpx.Client, pid: int, path: str, seconds: float) -> None:
    model = client.get("/models").json()["models"][0]["model"]
    schema = client.get(f"/models/{model}").json()["schema"]
    body = msgspec.json.encode({"rows": [row(schema, 1)]})

    def once() -> None:
        client.post(f"/models/{model}/{path}", content=body, headers={"content-type": "application/json"}).raise_for_status()

    timed(f"{model}, {len(schema['columns'])} features, {path}", once, seconds, lambda: cpu_seconds(pid))


def timed(what: str, once: Callable[[], object], seconds: float, cpu: Callable[[], float] = time.process_time) -> None:
    once()
    times, until, before = [], time.perf_counter() + seconds, cpu()
    while time.perf_counter() < until:
        started = time.perf_counter()
        once()
        times.append((time.perf_counter() - started) * 1000)
    used = (cpu() - before) / len(times) * 1000
    spread = f"p50 {statistics.median(times):.2f} ms, p99 {sorted(times)[int(len(times) * 0.99)]:.2f} ms"
    print(f"{what}: CPU {used:.2f} ms, {spread}, {len(times)} times, load {os.getloadavg()[0]:.1f}", flush=True)


def kinds() -> None:
    """Explain one row of 20 features: 1,000 trees of LightGBM, and by questions a linear model and gradient boosting of scikit-learn."""
    random = np.random.default_rng(7)
    matrix = random.normal(size=(5000, 20))
    target = matrix[:, 0] * matrix[:, 1] + matrix[:, 2]
    said = {"verbosity": -1, "num_leaves": 31, "min_data_in_leaf": 20, "num_threads": 1}
    trees = Trees(lightgbm.train(said, lightgbm.Dataset(matrix, target), num_boost_round=1000))
    timed(f"LightGBM, 1,000 trees, additive error {trees.explain(matrix[100:110]).apart:.1e}", lambda: trees.explain(matrix[60:61]), 5.0)
    for estimator in (Ridge(), HistGradientBoostingRegressor(max_iter=200, random_state=0)):
        fitted = estimator.fit(matrix, target)
        explainer: Explainer = Asked(fitted.predict, matrix[:50], "label")
        found = explainer.explain(matrix[100:110])
        name = type(estimator).__name__
        timed(f"{name}, 20 features, additive error {found.apart:.1e}", lambda one=explainer: one.explain(matrix[60:61]), 5.0)


def false_alarms(rounds: int) -> None:
    known = members(studies, Study)
    total: Counter[str] = Counter()
    for name in CLEAN:
        frame = getattr(sets, name)()
        said = {"baseline": {"sql": "dep_delay"}} if name == "flights" else {}
        counted: Counter[str] = Counter()
        apart: list[float] = []
        for seed in range(rounds):
            rows = days_anew(frame.rows, frame.fit, frame.holdout, seed)
            subject = subject_of(replace(frame, rows=rows), training=SMALL, **said)
            for guard in GUARDS:
                chapter = known[guard].look(subject)
                verdicts = chapter.verdicts if chapter else ()
                counted[f"{guard} refuses"] += any(one.outcome != "pass" for one in verdicts)
                counted[f"{guard} notes"] += any(one.noted for one in verdicts)
                apart += [chapter.figures["apart"]] if chapter and guard == "explanation" else []
        print(f"{name}: {rounds} draws, additive error at most {max(apart):.1e}; {dict(sorted(counted.items()))}")
        total += counted
    print({what: f"{count} of {rounds * len(CLEAN)}" for what, count in sorted(total.items())})


def days_anew(rows: pa.Table, fit: Numbers, held: Numbers, seed: int) -> pa.Table:
    """Return rows drawn with replacement on each side of the split, in their places: times stay, contents are drawn."""
    random, places = np.random.default_rng(seed), np.arange(rows.num_rows)
    for side in (fit, held):
        places[side] = np.sort(random.choice(np.flatnonzero(side), int(side.sum())))
    drawn = rows.take(pa.array(places))
    for name in ("entity", "decided_at", "known_at"):
        drawn = drawn.set_column(drawn.column_names.index(name), name, rows.column(name))
    return drawn


if __name__ == "__main__":
    if sys.argv[1] == "service":
        service(Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 5.0)
    elif sys.argv[1] == "kinds":
        kinds()
    else:
        false_alarms(int(sys.argv[2]) if len(sys.argv) > 2 else 8)
