"""Landing a file by its contract, against DuckDB reading the same file and writing it as Parquet, unchecked.

Each arm runs in a process of its own, in turn with the other; wall time, CPU time and peak memory are printed with their
ratios. What ours does besides: every value held to its type and limits, every record numbered, keys compared, one Delta commit.

    python benchmarks/landing.py --rows 2000000 --rounds 3
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb

from shipworthy.data.landing import land
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Settings
from shipworthy.spec.source import SourceSpec

KINDS = ("csv", "parquet")
ARMS = ("hand", "ours")
COLUMNS = {
    "order_id": {"type": "integer", "required": True},
    "placed_at": {"type": "timestamp", "required": True},
    "day": {"type": "date"},
    "amount": {"type": "number", "minimum": 0},
    "distance": {"type": "number"},
    "items": {"type": "integer", "minimum": 0, "maximum": 1000},
    "city": {"type": "text"},
    "paid": {"type": "boolean"},
}


def made(folder: Path, rows: int) -> None:
    """Write the same rows as CSV and as Parquet."""
    moment = "timestamptz '2024-01-01' + to_seconds(i)"
    asked = (
        f"select i as order_id, {moment} as placed_at, ({moment})::date as day, round((hash(i) % 1000000) / 1e4, 2) as amount, "
        f"(hash(i * 7) % 1000000) / 1e5 as distance, (hash(i * 3) % 1000)::int as items, 'city ' || (hash(i) % 500) as city, "
        f"hash(i) % 3 = 0 as paid from range({rows}) t(i)"
    )
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"copy ({asked}) to '{folder}/orders.csv' (header)")
        connection.execute(f"copy ({asked}) to '{folder}/orders.parquet'")


def contract(kind: str) -> SourceSpec:
    return SourceSpec.model_validate({"source": "orders", "path": f"orders.{kind}", "key": ["order_id"], "columns": COLUMNS})


def hand(folder: Path, kind: str, into: Path) -> None:
    with duckdb.connect(str(into / "hand.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"copy (select * from read_{kind}('{folder}/orders.{kind}')) to '{into}/hand.parquet' (compression zstd)")


def ours(folder: Path, kind: str, into: Path) -> None:
    (into / f"orders.{kind}").symlink_to(folder / f"orders.{kind}")
    landed = land(Project(into, Settings()), contract(kind), datetime(2026, 1, 1, tzinfo=UTC))
    assert landed.new


def once(arm: str, folder: Path, kind: str) -> dict[str, float]:
    """Run one arm in this process and say what it took."""
    with tempfile.TemporaryDirectory(dir=folder) as into:
        began, cpu = time.perf_counter(), time.process_time()
        (hand if arm == "hand" else ours)(folder, kind, Path(into))
        took = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    return took | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def compared(folder: Path, kind: str, rows: int, rounds: int) -> None:
    took: dict[str, list[dict[str, float]]] = {arm: [] for arm in ARMS}
    for turn in range(rounds):
        for arm in ARMS if turn % 2 else reversed(ARMS):
            command = [sys.executable, __file__, "--arm", arm, "--kind", kind, "--folder", str(folder)]
            took[arm].append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    middle = {arm: {part: median(one[part] for one in found) for part in ("wall", "cpu", "peak")} for arm, found in took.items()}
    for arm, figures in middle.items():
        rate = rows / figures["wall"]
        print(f"{kind:8} {arm:5} {figures['wall']:6.2f} s  {figures['cpu']:6.2f} s CPU  {figures['peak']:6.0f} MiB  {rate:12,.0f} rows/s")
    ratio = {part: middle["ours"][part] / middle["hand"][part] for part in ("wall", "cpu", "peak")}
    print(f"{kind:8} ratio {ratio['wall']:6.2f}    {ratio['cpu']:6.2f}        {ratio['peak']:6.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--arm", choices=ARMS)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.arm:
        print(json.dumps(once(given.arm, given.folder, given.kind)))
        return
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder), given.rows)
        for kind in KINDS:
            compared(Path(folder), kind, given.rows, given.rounds)


if __name__ == "__main__":
    main()
