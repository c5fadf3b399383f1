"""Measures lineage, impact and catalog on a large project that is generated: 250 models over 500 sources, without a warehouse.

    python benchmarks/impact.py [MODELS] [SOURCES]

Each source has 20 columns. A third of the models stage two sources by a join, a third join and aggregate three staged ones with
windows over CTEs, the rest are marts with `select *`, unions and cases; 10 models of machine learning read ten marts each, 20
dashboards read a mart each. The change: a computed column and a filter of two staging models, a comment in ten, a column that is gone.

Prints a Markdown table: seconds of wall time and of CPU, of a process that starts with an empty memory and of one that has read it all.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from shipworthy.flows.impact import impact
from shipworthy.flows.lineage import graph, lineage
from shipworthy.flows.search import search
from shipworthy.lineage.duplicates import duplicates
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import Project, find

COLUMNS = [f"c{number}" for number in range(18)]
Json = dict[str, object]


def _node(kind: str, name: str, code: str | None, parents: list[str], columns: list[str], **more: object) -> tuple[str, Json]:
    unique_id = f"source.big.raw.{name}" if kind == "source" else f"{kind}.big.{name}"
    described = {column: {"name": column, "description": f"{column} of {name}", "config": {}} for column in columns}
    said: Json = {
        "unique_id": unique_id, "resource_type": kind, "name": name, "compiled_code": code, "raw_code": code, "language": "sql",
        "depends_on": {"nodes": parents}, "relation_name": f'"big"."main"."{name}"', "original_file_path": f"models/{name}.sql",
        "config": {}, "columns": described,
    }  # fmt: skip
    return unique_id, said | more


def _staging(number: int, sources: int) -> tuple[str, str, list[str]]:
    one, two = f"s{2 * number % sources}", f"s{(2 * number + 1) % sources}"
    selected = ", ".join(
        f"a.{column} * b.{column} as {column}" if place % 3 == 0 else f"a.{column}" for place, column in enumerate(COLUMNS)
    )
    sql = f'select a.id, a.at, {selected} from "big"."main"."{one}" as a left join "big"."main"."{two}" as b using (id) where a.c0 > 0'
    return f"stg{number}", sql, [f"source.big.raw.{one}", f"source.big.raw.{two}"]


def _middle(number: int, third: int) -> tuple[str, str, list[str]]:
    names = [f"stg{(number + step) % third}" for step in (0, 7, 19)]
    a, b, c = names
    summed = ", ".join(f"sum(b.{column}) as {column}" for column in COLUMNS[:9])
    rolled = ", ".join(f"avg(c.{column}) over w as {column}" for column in COLUMNS[9:])
    sql = (
        f'with sums as (select b.id, {summed} from "big"."main"."{b}" as b group by b.id), '
        f'rolled as (select c.id, c.at, {rolled} from "big"."main"."{c}" as c '
        "window w as (partition by c.id order by c.at rows 6 preceding)) "
        f"select a.id, a.at, {', '.join(f'sums.{column}' for column in COLUMNS[:9])}, "
        f"{', '.join(f'rolled.{column}' for column in COLUMNS[9:])} "
        f'from "big"."main"."{a}" as a left join sums using (id) asof left join rolled on rolled.id = a.id and rolled.at <= a.at'
    )
    return f"int{number}", sql, [f"model.big.{name}" for name in names]


def _mart(number: int, third: int) -> tuple[str, str, list[str]]:
    one, two = f"int{number % third}", f"int{(number + 3) % third}"
    cases = ", ".join(f"case when {column} > {number} then {column} else 0 end as {column}" for column in COLUMNS[:6])
    sql = (
        f'with both as (select * from "big"."main"."{one}" union all select * from "big"."main"."{two}") '
        f"select * exclude ({', '.join(COLUMNS[:6])}), {cases} from both"
    )
    return f"mart{number}", sql, [f"model.big.{one}", f"model.big.{two}"]


def manifest(models: int, sources: int, *, changed: bool) -> Json:
    """Return the manifest of the generated project, with or without the change."""
    third = models // 3
    made = [_staging(number, sources) for number in range(third)] + [_middle(number, third) for number in range(third)]
    made += [_mart(number, third) for number in range(models - 2 * third)]
    if changed:
        made = [(name, _change(name, sql), parents) for name, sql, parents in made]
    nodes = dict(_node("model", name, sql, parents, [], **_meta(name)) for name, sql, parents in made)
    raw = dict(_node("source", f"s{number}", None, [], ["id", "at", *COLUMNS], source_name="raw") for number in range(sources))
    readers = dict(_node("exposure", f"board{number}", None, [f"model.big.mart{number * 3}"], [], type="dashboard") for number in range(20))
    return {"metadata": {"adapter_type": "duckdb", "project_name": "big"}, "nodes": nodes, "sources": raw, "exposures": readers}


def _meta(name: str) -> Json:
    facts = {"entity": "id", "event_time": "at", "known_time": "at"}
    return {"config": {"meta": {"shipworthy": facts}}} if name.startswith("mart") else {}


def _change(name: str, sql: str) -> str:
    if name == "stg1":
        return sql.replace("a.c3 * b.c3", "a.c3 + b.c3")
    if name == "stg2":
        return sql.replace("a.c0 > 0", "a.c0 > 1")
    if name == "mart5":
        return sql.replace("exclude (", "exclude (c17, ")
    return f"-- looked at\n{sql}" if name.startswith("stg1") else sql


def project(root: Path, models: int, sources: int) -> Project:
    """Write the generated project and both of its manifests below `root`."""
    (root / "shipworthy.yml").write_text("{}")
    for number in range(10):
        parts = [{"relation": f"mart{number * 7 + step}", "on": "id", "prefix": f"p{step}_"} for step in range(1, 11)]
        spec = {
            "model": f"model{number}", "decisions": {"relation": f"mart{number}", "entity": "id", "time": "at"},
            "label": {"relation": f"mart{number}", "column": "c1", "known_at": "at", "horizon": "1 day"}, "features": parts,
        }  # fmt: skip
        folder = root / "ml" / f"model{number}"
        folder.mkdir(parents=True)
        (folder / "model.yml").write_text(json.dumps(spec))
    target = root / ".shipworthy" / "dbt"
    target.mkdir(parents=True)
    (target / "manifest.json").write_text(json.dumps(manifest(models, sources, changed=False)))
    (root / "after.json").write_text(json.dumps(manifest(models, sources, changed=True)))
    return find(root)


def timed(what: str, work: Callable[[], object]) -> object:
    """Print how long `work` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    print(f"| {what} | {time.perf_counter() - wall:.1f} | {time.process_time() - cpu:.1f} |", flush=True)
    return found


def main() -> None:
    models, sources = (int(word) for word in (*sys.argv[1:], "250", "500")[:2]) if len(sys.argv) < 4 else (250, 500)
    with TemporaryDirectory() as name:
        big = project(Path(name), models, sources)
        book = open_logbook(big.logbook)
        before = big.state / "dbt" / "manifest.json"
        print("| what | wall, s | CPU, s |\n|---|---|---|")
        found = timed("impact of two manifests, nothing read before", lambda: impact(big, before=before, after=big.root / "after.json"))
        whole = timed("lineage of the project, nothing read before", lambda: graph(big))
        timed("impact of two manifests, one read before", lambda: impact(big, before=before, after=big.root / "after.json"))
        known = lineage(big)
        timed("lineage of the project, as a page asks again", lambda: graph(big))
        timed("duplicates", lambda: duplicates(known.manifest, known.reading, known.graph))
        timed("catalog of all columns and features", lambda: search(big, book))
        timed("catalog, a search", lambda: search(big, book, "mart5 c3"))
        print(f"\n{len(whole.nodes)} nodes, {sum(len(node.columns) for node in whole.nodes.values())} columns, {len(whole.edges)} edges, "
              f"{len(whole.unread)} not told; {len(found.changes)} changes touch {len(found.touched)}")  # fmt: skip


if __name__ == "__main__":
    main()
