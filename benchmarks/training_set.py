"""Building a training set, against an ASOF query that a person would write by hand over the same files.

Each arm runs in a process of its own, in turn with the other; wall time, CPU time and peak memory are printed with their
ratios. Case `steady`: every row is known a minute after its event, and both arms give the same values. Case `late`: one row
in ten comes up to ten days late, by a column of its own; by hand it is an ASOF on the time of knowledge, which lets late
news of an old event overwrite what is newer: the share of rows that it gets wrong is printed beside.

    python benchmarks/training_set.py --decisions 1000000 --rows 20000000 --rounds 3
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import duckdb

from shipworthy.data import training_set
from shipworthy.data.relation import Relation
from shipworthy.gateways import lake as tables
from shipworthy.spec.model import ModelSpec

FEATURES = [f"f{number}" for number in range(9)]
LIMIT = "2GB"
AS_OF = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = 31_536_000_000_000
CASES = ("steady", "late")
ARMS = ("hand", "ours")


def made(column: int, modulus: int) -> str:
    return f"(hash(i * 16 + {column}) % {modulus})::bigint"


def write(lake: Path, decisions: int, rows: int, entities: int) -> None:
    event = f"timestamptz '2024-01-01' + to_microseconds({made(1, YEAR)})"
    late = f"case when i % 10 = 0 then to_seconds({made(2, 864_000)}) else to_seconds(60) end"
    values = ", ".join(f"{made(number + 3, 1_000_000)} / 1e4 as f{number}" for number in range(9))
    decided = f"timestamptz '2024-01-01' + to_microseconds((hash(i * 16 + 13) % {YEAR - 86_400_000_000})::bigint)"
    customer = f"{made(0, entities)} as customer"
    asked = {
        "steady": f"select {customer}, {event} as event_time, {values} from range({rows}) t(i)",
        "late": f"select {customer}, {event} as event_time, {event} + {late} as known_time, {values} from range({rows}) t(i)",
        "decided": f"select i as id, {customer}, {decided} as decided_at from range({decisions}) t(i)",
        "came": f"select i as id, {decided} + interval '1 hour' as known_at, {made(14, 100)}::double as value from range({decisions}) t(i)",
    }
    with duckdb.connect(config={"memory_limit": LIMIT, "preserve_insertion_order": False}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, sql in asked.items():
            tables.create(lake, f"published/{name}", connection.execute(sql).to_arrow_reader(100_000))


def files(lake: Path, name: str) -> str:
    return f"read_parquet({tables.paths(lake, f'published/{name}')!r})"


def by_hand(lake: Path, case: str, out: Path) -> None:
    known = "event_time + interval '1 minute'" if case == "steady" else "known_time"
    sql = f"""
        select d.id as entity, d.decided_at, {", ".join(f"f.{name}" for name in FEATURES)}, l.known_at, l.value as label
        from {files(lake, "decided")} d
        join {files(lake, "came")} l using (id)
        asof left join (select *, {known} as known from {files(lake, case)}) f on d.customer = f.customer and d.decided_at >= f.known
        where d.decided_at + interval '1 day' <= timestamptz '{AS_OF}'"""
    settings = {"memory_limit": LIMIT, "temp_directory": str(out.parent / "spill"), "preserve_insertion_order": False}
    with duckdb.connect(config=settings) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"copy ({sql}) to '{out}' (format parquet)")


def ours(lake: Path, case: str, _: Path) -> None:
    known = {"latency": timedelta(minutes=1)} if case == "steady" else {"known_time": "known_time"}
    relations = {
        "decided": Relation("decided"),
        "came": Relation("came"),
        case: Relation(case, ("customer",), event_time="event_time", **known),
    }
    spec = ModelSpec.model_validate(
        {
            "model": f"bench_{case}",
            "decisions": {"relation": "decided", "entity": "id", "time": "decided_at"},
            "label": {"relation": "came", "column": "value", "known_at": "known_at", "horizon": "1 day"},
            "features": [{"relation": case, "on": "customer"}],
        }
    )
    training_set.build(lake, spec, relations, AS_OF, memory_limit=LIMIT)


def arm(name: str, lake: Path, case: str, out: Path) -> None:
    began, spent = time.perf_counter(), time.process_time()
    (ours if name == "ours" else by_hand)(lake, case, out)
    figures = {"wall": time.perf_counter() - began, "cpu": time.process_time() - spent}
    print(json.dumps(figures | {"rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))


def measured(name: str, lake: Path, case: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--arm", name, "--case", case, "--folder", str(lake.parent)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {case:8}{name:6}wall {figures['wall']:6.1f} s   cpu {figures['cpu']:6.1f} s   peak {figures['rss']:.2f} GB", flush=True)
    return figures


def compared(lake: Path, case: str, out: Path) -> str:
    table = tables.tables(lake, f"training_sets/bench_{case}")[0]
    set_files = f"read_parquet({tables.paths(lake, table)!r})"
    differ = " or ".join(f"a.{name} is distinct from b.{name}" for name in FEATURES)
    counts = f"select count(*), count(*) filter (where {differ}) from {set_files} a full join '{out}' b using (entity)"
    rows, different = duckdb.sql(counts).fetchall()[0]
    return f"{different:,} of {rows:,} rows differ ({different / rows:.4%})"


def rounds(lake: Path, count: int) -> None:
    out = lake.parent / "by_hand.parquet"
    for case in CASES:
        found: dict[str, list[dict[str, float]]] = {name: [] for name in ARMS}
        for _ in range(count):
            for table in tables.tables(lake, "training_sets"):
                subprocess.run(["rm", "-rf", str(lake / table)], check=True)
            for name in ARMS:
                found[name].append(measured(name, lake, case))
        pairs = list(zip(found["ours"], found["hand"], strict=True))
        ratios = ", ".join(f"{key} {median(our[key] / hand[key] for our, hand in pairs):.2f}x" for key in ("wall", "cpu", "rss"))
        print(f"{case}: ours to by hand (median ratio of {count} rounds): {ratios}; {compared(lake, case, out)}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--decisions", type=int, default=1_000_000)
    options.add_argument("--rows", type=int, default=20_000_000)
    options.add_argument("--entities", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path, default=None, help="where the data lies or is made; temporary if absent")
    options.add_argument("--arm", choices=[*ARMS, "data"], help=argparse.SUPPRESS)
    options.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    said = options.parse_args()
    if said.arm == "data":
        write(said.folder / "lake", said.decisions, said.rows, said.entities)
    elif said.arm:
        arm(said.arm, said.folder / "lake", said.case, said.folder / "by_hand.parquet")
    else:
        with tempfile.TemporaryDirectory() as temporary:
            folder = said.folder or Path(temporary)
            if not tables.exists(folder / "lake", "published/came"):
                subprocess.run([sys.executable, __file__, *sys.argv[1:], "--arm", "data", "--folder", str(folder)], check=True)
            rounds(folder / "lake", said.rounds)


if __name__ == "__main__":
    main()
