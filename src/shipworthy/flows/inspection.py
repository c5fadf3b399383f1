"""Looks at one built relation and publishes it if it is fit: facts from dbt's YAML, contract, checks, then the lake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from shipworthy.bounds import Bound
from shipworthy.checks.base import shape
from shipworthy.checks.base.clock_offset import clock_offset
from shipworthy.checks.base.contract import Kind, contract, kinds, types
from shipworthy.checks.base.inspection import inspect
from shipworthy.checks.base.learnt import learnt
from shipworthy.checks.base.parents import lost_rows, multiplied_by
from shipworthy.checks.base.shape import Shape
from shipworthy.checks.base.spelling import spelled
from shipworthy.data.midnight import midnight_times
from shipworthy.data.publish import publish
from shipworthy.data.relation import COLUMN_KEYS
from shipworthy.errors import UnknownName
from shipworthy.flows import catalog as catalogs
from shipworthy.gateways import transform
from shipworthy.gateways.engine import Connection
from shipworthy.logbook import write
from shipworthy.records import Measurement, Verdict
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project

ADVISORY = frozenset({"blank_share", "distinct_count", "freshness", "midnight_times"})  # told, but no reason to keep the last version

Facts = dict[str, Any]


def inspect_relation(
    project: Project,
    book: Engine,
    connection: Connection,
    node: transform.Node,
    specs: Mapping[str, ModelSpec],
    as_of: datetime,
    *,
    definition: str,
    parents: Mapping[str, str] | None = None,
    accept: bool = False,
) -> tuple[Facts, list[Verdict]]:
    """Return what is known of the relation of `node`, published if no check that matters failed, and all verdicts.

    One without rows is not published: silence is not health. One that is not published keeps the version, the columns and
    the measurements of the last that was, so that the next build is held to them too; `accept` takes what changed as it is now.
    `definition` is the hash of the SQL behind the relation: kept with the version that it made; `parents` has the SQL of each relation that
    it is built from, by name.
    """
    relation = node.relation or node.name
    found = types(connection, relation)
    before = _before(project, node.name)
    bounds = {} if accept else _of_columns(learnt(_last(before, as_of)), kinds(found))
    was = {} if accept else {column: about["sql_type"] for column, about in before.get("columns", {}).items()}
    facts = _facts(node, found, specs, gone=was.keys() - found.keys())
    verdicts = contract(found, was, relation=node.name)
    if {*facts["key"], *facts["times"]} - found.keys():
        return facts | _standing(before), verdicts
    asked = inspect(
        connection, relation, kinds(found), relation=node.name, as_of=as_of, keys=facts["key"], times=facts["times"],
        bounds=bounds,
    )  # fmt: skip
    write.measurements(book, [measured for measured, _ in asked])
    verdicts += [verdict for _, verdict in asked]
    shapes, moved = _shapes(connection, relation, node.name, kinds(found), asked, {} if accept else before)
    verdicts += moved
    verdicts += _beside(connection, node, relation, kinds(found), facts, parents or {})
    if any(node.name in spec.relations for spec in specs.values()):
        verdicts.append(_named(_grain(node.name, asked), connection, relation, facts["key"], parents or {}))
    if any(unfit(verdict) for verdict in verdicts):
        return facts | _standing(before), verdicts
    measured = [[one.name, one.subject, one.value, one.rows] for one, _ in asked]
    version = publish(connection, project.lake, node.name, relation).version
    kept = {"version": version, "measured": measured, "definition": definition, "shape": shape.as_json(shapes)}
    return facts | kept, verdicts


def unfit(verdict: Verdict) -> bool:
    """Return whether a relation is not published for this verdict: a check that matters failed, or there are no rows at all."""
    return (verdict.outcome == "fail" and verdict.name not in ADVISORY) or (verdict.name == "row_count" and verdict.outcome == "unknown")


def _beside(
    connection: Connection, node: transform.Node, relation_sql: str, columns: Mapping[str, Kind], facts: Facts, parents: Mapping[str, str]
) -> list[Verdict]:
    """Return what is said of a relation's times, and of its rows beside those of what it is built from."""
    midnight = midnight_times(connection, relation_sql, catalogs.relation(node.name, facts))
    lost = lost_rows(connection, relation_sql, node.raw, parents, relation=node.name)
    return [one for one in (midnight, lost) if one] + clock_offset(connection, relation_sql, columns, relation=node.name)


def _named(grain: Verdict, connection: Connection, relation_sql: str, key: Sequence[str], parents: Mapping[str, str]) -> Verdict:
    """Return the verdict on the grain with the parent whose rows come several times for one key, where it fails."""
    if grain.outcome != "fail":
        return grain
    several = multiplied_by(connection, relation_sql, key, parents)
    said = "".join(f"; {parent} has {rows} rows for it: its join multiplies" for parent, rows in several.items())
    return replace(grain, words=grain.words + said, evidence={**grain.evidence, "multiplied_by": several})


def _standing(before: Mapping[str, Any]) -> Facts:
    kept = ("version", "columns", "measured", "definition", "shape")
    return {name: before[name] for name in kept if name in before} or {"version": None}


def _shapes(
    connection: Connection,
    relation_sql: str,
    name: str,
    columns: Mapping[str, Kind],
    asked: Sequence[tuple[Measurement, Verdict]],
    before: Mapping[str, Any],
) -> tuple[dict[str, Shape], list[Verdict]]:
    """Return how each column is distributed, whether it is as it was when the relation was last published, and how texts are spelled."""
    distinct = {measured.subject.rpartition(".")[2]: measured.value for measured, _ in asked if measured.name == "distinct_count"}
    last = shape.from_json(before.get("shape", {}))
    now = shape.measure(connection, relation_sql, columns, distinct, last)
    verdicts, shapes = shape.judge(now, last, relation=name)
    spellings = [spelled(counts, subject=f"{name}.{column}") for column, counts in shape.levels(now).items()]
    return shapes, verdicts + [verdict for verdict in spellings if verdict is not None]


def _of_columns(bounds: Mapping[str, Bound], columns: Collection[str]) -> dict[str, Bound]:
    """Return the bounds of what is still there to be measured."""
    return {name: bound for name, bound in bounds.items() if "." not in name or name.partition(".")[2] in columns}


def _before(project: Project, name: str) -> Mapping[str, Any]:
    catalog = catalogs.last(project)
    return catalog.relations.get(name, {}) if catalog else {}


def _last(before: Mapping[str, Any], as_of: datetime) -> list[Measurement]:
    """Return what was measured of a relation when it was last published."""
    return [Measurement(name, subject, value, as_of, rows=rows) for name, subject, value, rows in before.get("measured", [])]


def _facts(node: transform.Node, found: Mapping[str, str], specs: Mapping[str, ModelSpec], *, gone: Collection[str]) -> Facts:
    meta = dict(node.meta)
    entity = meta.get("entity") or []
    entity = [entity] if isinstance(entity, str) else list(entity)
    key, times = _key(node.name, entity, meta, specs)
    _refuse_unknown(node, [name for name in (*key, *times, *node.columns) if name not in gone], found)
    _refuse_unread(node, found)
    columns = {name: _column(kind, node.columns.get(name, {}), kinds({name: kind}).get(name)) for name, kind in found.items()}
    return {
        "role": "published", "description": node.description, "entity": entity or key[:1], "key": key, "times": times, "meta": meta,
        **{name: meta[name] for name in ("event_time", "known_time", "latency", "static") if name in meta}, "columns": columns,
    }  # fmt: skip


def _column(sql_type: str, said: Mapping[str, Any], kind: str | None) -> Facts:
    facts = {name: value for name, value in said.items() if name != "type"}
    return {"description": "", **facts, "type": kind or sql_type, "sql_type": sql_type}


def _key(name: str, entity: list[str], meta: Mapping[str, Any], specs: Mapping[str, ModelSpec]) -> tuple[list[str], list[str]]:
    """Return the columns that name a row, and the declared times: by what the specs use the relation for, else by meta."""
    for spec in specs.values():
        if spec.decisions.relation == name:
            return [spec.decisions.entity, spec.decisions.time], [spec.decisions.time]
        if spec.label.relation == name:
            return [spec.label.entity or spec.decisions.entity], [spec.label.known_at]
    times = [meta[part] for part in ("event_time", "known_time") if meta.get(part)]
    named = list(dict.fromkeys(times))  # a correction is a row of the same event that became known later
    return [*entity, *named] if entity else [], named


def _refuse_unknown(node: transform.Node, names: list[str], found: Mapping[str, str]) -> None:
    for name in names:
        if name not in found:
            raise UnknownName.of("column", name, known=found, where=f"{node.path} or the YAML that describes {node.name}")


def _refuse_unread(node: transform.Node, found: Mapping[str, str]) -> None:
    """Refuse what a column's meta says and nothing reads, and a time of knowledge that is no column."""
    for column, said in node.columns.items():
        where = f"{node.name}.{column}: config.meta.shipworthy"
        for key in said.keys() - {"description", "type"}:
            if key not in COLUMN_KEYS:
                raise UnknownName.of("key", key, known=COLUMN_KEYS, where=where)
        if said.get("known_time", column) not in found:
            raise UnknownName.of("column", said["known_time"], known=found, where=f"{where}: known_time")


def _grain(name: str, asked: list[tuple[Measurement, Verdict]]) -> Verdict:
    """Say in the gate's name whether each row is named by its key; without a key nobody can tell."""
    judged = next((verdict for measured, verdict in asked if measured.name == "duplicate_keys"), None)
    if judged is None:
        return Verdict("grain", name, "unknown", f"{name} has no declared key", "write entity and event_time under config.meta.shipworthy")
    return Verdict("grain", name, judged.outcome, judged.words, judged.fix, judged.evidence)
