"""Training sets: immutable tables in the lake, each with its SQL, what it read, and what was left out.

A set is named by a hash of its rows, its SQL and the versions that it read: to build it again writes nothing, and the
rows come out the same. The frames to score are made by the same join.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from shipworthy.clock import utc
from shipworthy.data import grain
from shipworthy.data.asof import KEPT, decided_sql, fates_sql, features_sql, found_sql, training_set_sql, window_sql
from shipworthy.data.parts import feature_types, relation_of
from shipworthy.data.relation import Relation
from shipworthy.errors import UnknownName
from shipworthy.gateways import lake as tables
from shipworthy.gateways.engine import Connection, memory, quoted
from shipworthy.gateways.lake import Pin
from shipworthy.records import Exclusion, Window
from shipworthy.spec.model import ModelSpec

FRAME = "frame"
HASH_LENGTH = 16


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """One training set and where it comes from.

    The table has the columns `entity`, `decided_at`, the features (`features`: SQL type by name), `known_at` and `label`.
    `exclusions` counts the decisions that were left out, by reason: see `asof.fates_sql`; `excluded` says which stretches of time the
    spec leaves out, and how many decisions lie in each.
    """

    model: str
    hash: str
    table: Pin
    sql: str
    rows: int
    exclusions: Mapping[str, int]
    pins: Mapping[str, Pin]
    as_of: datetime
    start: datetime | None
    features: Mapping[str, str]
    excluded: Sequence[Exclusion] = ()


def build(
    lake: Path,
    spec: ModelSpec,
    relations: Mapping[str, Relation],
    as_of: datetime,
    *,
    pins: Mapping[str, Pin] | None = None,
    start: datetime | None = None,
    memory_limit: str = "2GB",
) -> TrainingSet:
    """Return the training set of `spec` as of a moment, written to the lake as `training_sets/<model>/<hash>` if it is new.

    Args:
        lake: the folder of Delta tables.
        spec: the model.
        relations: the facts of each relation of the spec, by name; their columns are read off the lake.
        as_of: aware; only what was known by then counts.
        pins: which version of a relation to read; the newest where none is given.
        start: no decisions before it; all if None.
        memory_limit: of the join; what does not fit is spilled to the lake's disk. The process takes some 0.5 GB more.

    Raises:
        UnknownName: a relation that is not in the lake, a column that is gone.
        BadSpec: the spec and the relations' facts do not fit together.
        BadData: decisions, labels or features that break what was said of them, or no mature label; with a counter-example.
        StepFailed: the join ran out of memory and disk.
    """
    as_of, read = utc(as_of), pinned(lake, spec, pins)
    with opened(lake, read, relations, memory_limit) as (connection, seen):
        sql = training_set_sql(spec, seen, as_of, start=start)
        _require_sound(connection, spec, seen, as_of)
        grain.require_single_labels(connection, spec, seen, as_of)
        fates = grain.fates(connection, fates_sql(spec, seen, as_of, start=start))
        rows = grain.require_some(spec, fates, as_of)
        _materialise(connection, sql, rows, spec, seen, as_of)
        name = _hash(connection, spec.model, sql, read)
        left_out = {fate: count for fate, count in sorted(fates.items()) if fate != KEPT}
        table = Pin(f"training_sets/{spec.model}/{name}", 0)
        excluded = grain.excluded(connection, spec, decided_sql(spec, seen, as_of))
        features = feature_types(spec, seen)
        made = TrainingSet(spec.model, name, table, sql, rows, left_out, read, as_of, start and utc(start), features, excluded)
        if not tables.exists(lake, table.table):
            _describe(lake, made)
            tables.create(lake, table.table, connection.execute(f"select * from {FRAME}").to_arrow_reader(100_000))
    return made


def load(lake: Path, model: str, name: str) -> TrainingSet:
    """Return the training set of `model` whose hash is `name`, as it was built.

    Raises:
        UnknownName: there is none.
    """
    if not tables.exists(lake, f"training_sets/{model}/{name}"):
        known = [table.rsplit("/", 1)[-1] for table in tables.tables(lake, f"training_sets/{model}")]
        raise UnknownName.of("training set", name, known=known, where=f"training_sets/{model}")
    folder = lake / "training_sets" / model
    said = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    start = datetime.fromisoformat(said["start"]) if said["start"] else None
    pins = {relation: Pin(**pin) for relation, pin in said["pins"].items()}
    times = {"as_of": datetime.fromisoformat(said["as_of"]), "start": start}
    sql = (folder / f"{name}.sql").read_text(encoding="utf-8").removesuffix("\n")
    excluded = tuple(_exclusion(one) for one in said.get("excluded", ()))
    return TrainingSet(**(said | times | {"pins": pins, "table": Pin(**said["table"]), "sql": sql, "excluded": excluded}))


def intact(lake: Path, made: TrainingSet) -> bool:
    """Return whether the rows of a set in the lake are still those that its hash was taken of."""
    with memory() as connection:
        tables.attach(connection, lake, FRAME, made.table)
        return _hash(connection, made.model, made.sql, made.pins) == made.hash


def _exclusion(said: Mapping[str, Any]) -> Exclusion:
    window = Window(*(datetime.fromisoformat(said["window"][end]) for end in ("start", "end")))
    return Exclusion(window, said["reason"], said["decisions"])


def rows(lake: Path, training_set: TrainingSet) -> pa.Table:
    """Return the rows in order of `decided_at` and `entity`: each time the same."""
    return _ordered(tables.read(lake, training_set.table))


def features(
    lake: Path,
    spec: ModelSpec,
    relations: Mapping[str, Relation],
    as_of: datetime,
    start: datetime,
    end: datetime,
    *,
    pins: Mapping[str, Pin] | None = None,
    memory_limit: str = "2GB",
) -> pa.Table:
    """Return `entity`, `decided_at` and the features of the decisions in [start, end) made by `as_of`, ordered as `rows`.

    The same join as of a training set. A window without decisions is an empty table. Raises as `build` does.
    """
    as_of = utc(as_of)
    with opened(lake, pinned(lake, spec, pins), relations, memory_limit) as (connection, seen):
        sql = features_sql(spec, seen, as_of, start=start, end=end)
        _require_sound(connection, spec, seen, as_of)
        expected = connection.execute(f"select count(*) from ({window_sql(spec, seen, as_of, start=start, end=end)})").fetchall()[0][0]
        _materialise(connection, sql, expected, spec, seen, as_of)
        return _ordered(connection.execute(f"select * from {FRAME}").to_arrow_table())


def found(lake: Path, spec: ModelSpec, relations: Mapping[str, Relation], made: TrainingSet, *, memory_limit: str = "2GB") -> pa.Table:
    """Return `entity`, `decided_at` and the event time of the row that each decision got, of each feature relation with times by its alias.

    Rows and versions are those of the set `made`, in the order of `rows`; null where there is no row, or none young enough.
    """
    with opened(lake, made.pins, relations, memory_limit) as (connection, seen):
        return _ordered(connection.execute(found_sql(spec, seen, made.as_of, start=made.start)).to_arrow_table())


def pinned(lake: Path, spec: ModelSpec, pins: Mapping[str, Pin] | None) -> dict[str, Pin]:
    """Return the version of each relation of `spec` to read: the given one, or the newest."""
    return {name: (pins or {}).get(name) or tables.pin(lake, f"published/{name}") for name in spec.relations}


@contextmanager
def opened(
    lake: Path, pins: Mapping[str, Pin], relations: Mapping[str, Relation], memory_limit: str
) -> Iterator[tuple[Connection, dict[str, Relation]]]:
    """Yield a connection that sees the pinned relations by their lake names, and the relations with their true columns."""
    with TemporaryDirectory(dir=lake, prefix=".spill-") as spill, memory(memory_limit=memory_limit, spill=Path(spill)) as connection:
        seen = {}
        for name, pin in pins.items():
            relation = relation_of(relations, name)
            tables.attach(connection, lake, relation.table, pin)
            found = connection.execute(f"describe {quoted(relation.table)}").fetchall()
            seen[name] = replace(relation, columns={row[0]: row[1] for row in found})
        yield connection, seen


def _require_sound(connection: Connection, spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime) -> None:
    grain.require_sound_decisions(connection, spec, relations, as_of)
    grain.require_unique_facts(connection, spec, relations)


def _materialise(
    connection: Connection, sql: str, expected: int, spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime
) -> None:
    connection.execute(f"create temp table {FRAME} as {sql}")
    grain.require_rows(connection, FRAME, expected, spec, relations, as_of)


def _hash(connection: Connection, model: str, sql: str, pins: Mapping[str, Pin]) -> str:
    """Return the name of the frame: whatever the order of its rows, the same."""
    columns = ", ".join(quoted(row[0]) for row in connection.execute(f"describe {FRAME}").fetchall())
    summed = f"select count(*), sum(md5_number_lower(row({columns})::varchar)::hugeint)::varchar from {FRAME}"
    content = connection.execute(summed).fetchall()[0]
    read = {relation: [pin.table, pin.version] for relation, pin in sorted(pins.items())}
    return hashlib.sha256(json.dumps([model, sql, read, list(content)]).encode()).hexdigest()[:HASH_LENGTH]


def _describe(lake: Path, made: TrainingSet) -> None:
    """Write what is said of the set beside its table, before the table: a table is never without it."""
    folder = lake / "training_sets" / made.model
    folder.mkdir(parents=True, exist_ok=True)
    said = asdict(made) | {"as_of": made.as_of.isoformat(), "start": made.start and made.start.isoformat()}
    del said["sql"]
    for ending, text in (("sql", made.sql + "\n"), ("json", json.dumps(said, indent=2, default=datetime.isoformat) + "\n")):
        beside = folder / f".{made.hash}.{ending}"
        beside.write_text(text, encoding="utf-8")
        beside.replace(folder / f"{made.hash}.{ending}")


def _ordered(table: pa.Table) -> pa.Table:
    return table.sort_by([("decided_at", "ascending"), ("entity", "ascending")])
