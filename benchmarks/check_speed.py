"""The checks of `check`, against one scan of the same file, beside Pandera and Great Expectations on the checks that they have too.

A million rows of thirty columns as Parquet: a key, a time, twenty numbers (some null), four whole numbers, four texts. Each arm runs in a
process of its own, the arms in turn; CPU and wall time of the work without imports, and peak memory, as ratios to the arm `scan` of the
same round. The peers live in environments of their own, made once below --peers. Asked of every arm but `scan` and `ours_training_set`:
types, null share of every column, the key's uniqueness, numbers finite, times not in the future.

    python benchmarks/check_speed.py --rows 1000000 --rounds 3 --peers /tmp/peers
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

ROUNDS = 3
NUMBERS, WHOLES, TEXTS = 20, 4, 4
PEERS: Mapping[str, list[str]] = {"pandera": ["pandera[pandas]", "pyarrow"], "great_expectations": ["great_expectations", "pyarrow"]}
ARMS = ("scan", "ours", "ours_training_set", *PEERS)

BEGIN = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
file = sys.argv[1]
"""
END = """
took, spent = time.perf_counter() - began, time.process_time() - used
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"wall": took, "cpu": spent, "rss": rss, "said": str(said)}))
"""
START = "\nbegan, used = time.perf_counter(), time.process_time()\n"

SCAN = f"""{BEGIN}
import duckdb
{START}
with duckdb.connect() as connection:
    names = [row[0] for row in connection.execute(f"describe select * from '{{file}}'").fetchall()]
    asked = ", ".join(f'count("{{name}}"), min("{{name}}"), max("{{name}}")' for name in names)
    said = len(connection.execute(f"select count(*), {{asked}} from '{{file}}'").fetchall()[0])
{END}"""

OURS = f"""{BEGIN}
from datetime import UTC, datetime
from shipworthy.checks.base.contract import kinds, types
from shipworthy.checks.base.inspection import inspect
from shipworthy.gateways.engine import memory
{START}
with memory() as connection:
    found = kinds(types(connection, f"'{{file}}'"))
    judged = inspect(connection, f"'{{file}}'", found, relation="t", as_of=datetime(2026, 1, 1, tzinfo=UTC), keys=["id"], times=["at"])
    said = [verdict.words for _, verdict in judged if verdict.outcome != "pass"]
{END}"""

OURS_TRAINING_SET = f"""{BEGIN}
from datetime import UTC, datetime
import numpy as np, pyarrow.parquet as pq
from shipworthy.checks.base.contract import KINDS
from shipworthy.checks.training_set.base.frame import Feature, Frame
from shipworthy.checks.training_set.base.judge import ask_all
from shipworthy.flows.learner import learner
import lightgbm
rows = pq.read_table(file)
{START}
rows = rows.rename_columns([{{"id": "entity", "at": "decided_at"}}.get(name, name) for name in rows.column_names])
rows = rows.append_column("known_at", rows["decided_at"]).sort_by("decided_at")
features = {{name: Feature("text" if name[0] == "t" else "integer" if name[0] == "i" else "number", "t", name)
            for name in rows.column_names if name[0] in "nit" and name[1:].isdigit()}}
place = np.arange(rows.num_rows)
frame = Frame("bench", "binary", rows, features, datetime(2026, 1, 1, tzinfo=UTC), fit=place < rows.num_rows * 0.7,
              holdout=place >= rows.num_rows * 0.75)
said = [one.verdict.words for one in ask_all(frame, learner) if one.verdict.outcome != "pass"]
{END}"""

PANDERA = f"""{BEGIN}
import numpy as np, pandas as pd, pandera.pandas as pa
{START}
frame = pd.read_parquet(file)
share = pa.Check(lambda column: column.isna().mean() <= 0.95)
finite = pa.Check(lambda column: np.isfinite(column.dropna()))
past = pa.Check(lambda column: column <= pd.Timestamp("2026-06-01", tz="UTC"))
columns = {{}}
for name, kind in frame.dtypes.items():
    checks = [share] + ([finite] if kind == "float64" else []) + ([past] if name == "at" else [])
    columns[name] = pa.Column(kind, checks, nullable=True, unique=name == "id")
said = len(pa.DataFrameSchema(columns).validate(frame, lazy=True))
{END}"""

GREAT_EXPECTATIONS = f"""{BEGIN}
import logging, os
os.environ["GX_ANALYTICS_ENABLED"] = "false"
logging.disable(logging.CRITICAL)
import pandas as pd, great_expectations as gx
{START}
frame = pd.read_parquet(file)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {{"globally": False}}
batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
suite = gx.ExpectationSuite(name="s")
E = gx.expectations
for name, kind in frame.dtypes.items():
    suite.add_expectation(E.ExpectColumnValuesToNotBeNull(column=name, mostly=0.05))
    suite.add_expectation(E.ExpectColumnValuesToBeOfType(column=name, type_=str(kind)))
    if kind == "float64":
        suite.add_expectation(E.ExpectColumnValuesToBeBetween(column=name, min_value=-1.7e308, max_value=1.7e308))
suite.add_expectation(E.ExpectColumnValuesToBeUnique(column="id"))
suite.add_expectation(E.ExpectColumnValuesToBeBetween(column="at", max_value=pd.Timestamp("2026-06-01", tz="UTC")))
said = batch.get_batch(batch_parameters={{"dataframe": frame}}).validate(suite).success
{END}"""
SCRIPTS = {
    "scan": SCAN,
    "ours": OURS,
    "ours_training_set": OURS_TRAINING_SET,
    "pandera": PANDERA,
    "great_expectations": GREAT_EXPECTATIONS,
}


def write(file: Path, rows: int) -> None:
    import duckdb  # noqa: PLC0415 - the peers' environments have none

    chance = [f"(hash(i * 64 + {number}) % 1000000)::double / 1e6" for number in range(NUMBERS + WHOLES + TEXTS + 1)]
    numbers = [
        f"case when {chance[n]} > 0.03 * {n % 4} then sqrt(-2 * ln({chance[n]} + 1e-9)) * {n + 1} end as n{n}" for n in range(NUMBERS)
    ]
    wholes = [f"floor({chance[NUMBERS + n]} * {10 ** (n + 1)})::bigint as i{n}" for n in range(WHOLES)]
    texts = [f"'level ' || floor({chance[NUMBERS + WHOLES + n]} * {5 * 8**n})::int as t{n}" for n in range(TEXTS)]
    label = f"({chance[0]} + {chance[-1]} > 1.1)::int as label"
    key = "'e' || i as id, timestamptz '2025-01-01' + to_seconds(i * 30) as at"
    sql = f"select {', '.join([key, *numbers, *wholes, *texts, label])} from range({rows}) t(i)"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"copy ({sql}) to '{file}' (format parquet)")


def python_of(arm: str, peers: Path) -> str:
    """Return the interpreter of an arm, its environment made if there is none."""
    if arm not in PEERS:
        return sys.executable
    python = peers / arm / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", str(peers / arm)], check=True)
        subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python), *PEERS[arm]], check=True)
    return str(python)


def measured(arm: str, file: Path, peers: Path) -> dict[str, float]:
    done = subprocess.run([python_of(arm, peers), "-c", SCRIPTS[arm], str(file)], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{arm}: {done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    cost = f"wall {figures['wall']:6.2f} s   cpu {figures['cpu']:6.2f} s   peak {figures['rss']:.2f} GB"
    print(f"  {arm:20}{cost}   {str(figures['said'])[:80]}", flush=True)
    return figures


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "peers")
    asked.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        write(file, said.rows)
        runs = [{arm: measured(arm, file, said.peers) for arm in said.arms} for _ in range(said.rounds)]
    for arm in said.arms:
        ratios = {name: median(run[arm][name] / run["scan"][name] for run in runs) for name in ("wall", "cpu", "rss")}
        print(f"{arm:20}wall {ratios['wall']:6.1f}x  cpu {ratios['cpu']:6.1f}x  memory {ratios['rss']:5.2f}x of one scan")


if __name__ == "__main__":
    main()
