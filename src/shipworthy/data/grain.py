"""What must be so of the rows before and after a point-in-time join; each refusal carries its counter-example."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shipworthy.data.asof import KEPT, decided_sql, inside, labels_sql
from shipworthy.data.moments import event_sql, known_sql, moment, time_sql
from shipworthy.data.parts import parts, relation_of
from shipworthy.data.relation import Relation
from shipworthy.errors import BadData, StepFailed
from shipworthy.gateways.engine import Connection, quoted
from shipworthy.records import Exclusion
from shipworthy.spec.model import ModelSpec


def require_sound_decisions(connection: Connection, spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime) -> None:
    """Do nothing if each decision has its entity and time, and comes once.

    Raises:
        BadData: a null, a repeated (entity, time), or a decision whose own features became known after it.
    """
    said, relation = spec.decisions, relation_of(relations, spec.decisions.relation)
    decided = decided_sql(spec, relations, as_of)
    for column in (said.time, said.entity):
        nulls, rows = _one(connection, f"select count(*) filter (where {quoted(column)} is null), count(*) from {quoted(relation.table)}")
        if nulls:
            what = f"{nulls:,} of {rows:,} decisions have no '{column}'"
            raise BadData(where=f"{relation.name}.{column}", what=what, fix="leave such rows out in its SQL, or give them their value")
    twice = _first(
        connection, f"select entity, decided_at, count(*) from ({decided}) group by all having count(*) > 1 order by all limit 1"
    )
    if twice:
        what = f"{said.entity} {twice[0]} is decided {twice[2]} times at {twice[1]}"
        raise BadData(where=relation.name, what=what, fix=f"one row for each ({said.entity}, {said.time}): mend its SQL")
    if said.features and relation.late:
        _require_known_in_time(connection, spec, relation, as_of)


def _require_known_in_time(connection: Connection, spec: ModelSpec, relation: Relation, as_of: datetime) -> None:
    time, known, entity = time_sql(relation, spec.decisions.time), known_sql(relation), quoted(spec.decisions.entity)
    rows = f"from {quoted(relation.table)} where {known} <= {moment(as_of)}"
    late, total = _one(connection, f"select count(*) filter (where {known} > {time}), count(*) {rows}")
    if late:
        first = _one(connection, f"select {entity}, {time}, {known} {rows} and {known} > {time} order by all limit 1")
        example = f"{first[0]} (decided {first[1]}, known {first[2]})"
        what = f"{late:,} of {total:,} decisions carry features known only later, for example {example}"
        raise BadData(
            where=relation.name, what=what, fix="let a decision be made when its features are known, or give them a relation of their own"
        )


def require_single_labels(connection: Connection, spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime) -> None:
    """Do nothing if no entity that is decided has two different labels known by `as_of`.

    Raises:
        BadData: one has.
    """
    labels, decided = labels_sql(spec, relations, as_of), decided_sql(spec, relations, as_of)
    several = f"select entity from ({labels}) semi join ({decided}) as d using (entity) group by all having count(*) > 1 order by 1 limit 1"
    found = _first(connection, several)
    if not found:
        return
    both = connection.execute(
        f"select label, known_at from ({labels}) where entity = ? order by known_at, label limit 2", [found[0]]
    ).fetchall()
    shown = " and ".join(f"{label} (known {known})" for label, known in both)
    where, fix = f"{spec.label.relation}.{spec.label.column}", "keep one row for each entity in its SQL, the one that counts"
    raise BadData(where=where, what=f"{spec.decisions.entity} {found[0]} has more than one label: {shown}", fix=fix)


def require_unique_facts(connection: Connection, spec: ModelSpec, relations: Mapping[str, Relation]) -> None:
    """Do nothing if each static relation has one row for each entity.

    Raises:
        BadData: one has two.
    """
    for part in parts(spec, relations):
        if part.relation.static:
            _require_unique(connection, part.relation, list(part.relation.entity), where="")


def require_rows(
    connection: Connection, frame: str, expected: int, spec: ModelSpec, relations: Mapping[str, Relation], as_of: datetime
) -> None:
    """Do nothing if the table `frame` has exactly the rows of its decisions: the join neither multiplied nor dropped any.

    Raises:
        BadData: it multiplied one, for a feature relation has two rows of one moment.
        StepFailed: it multiplied or lost one for no reason in the data.
    """
    rows, different = _one(connection, f"select count(*), count(distinct (entity, decided_at)) from {quoted(frame)}")
    if rows == different == expected:
        return
    for part in parts(spec, relations):
        if not part.relation.static:
            event, known = event_sql(part.relation), known_sql(part.relation)
            times = {part.relation.event_time or "": event} | ({part.relation.known_time or "": known} if part.relation.late else {})
            _require_unique(connection, part.relation, [*part.relation.entity, *times], where=f"where {known} <= {moment(as_of)}")
    twice = _first(connection, f"select entity, decided_at from {quoted(frame)} group by all having count(*) > 1 order by all limit 1")
    example = f", for example {twice[0]} decided at {twice[1]}" if twice else ""
    what = f"the join made {rows:,} rows of {expected:,} decisions{example}"
    raise StepFailed(where=f"training set of {spec.model}", what=what, fix="report this with the set's SQL")


def fates(connection: Connection, sql: str) -> dict[str, int]:
    """Return how many decisions there are of each fate."""
    return dict(connection.execute(sql).fetchall())


def excluded(connection: Connection, spec: ModelSpec, decided: str) -> tuple[Exclusion, ...]:
    """Return the stretches of time that the spec leaves out, with how many of the decisions of the SQL `decided` lie in each."""
    windows = [said.window for said in spec.training.exclude]
    if not windows:
        return ()
    counts = ", ".join(f"count(*) filter ({inside(window)})" for window in windows)
    found = _one(connection, f"select {counts} from ({decided})")
    told = zip(windows, spec.training.exclude, found, strict=True)
    return tuple(Exclusion(window, said.reason, int(decisions)) for window, said, decisions in told)


def require_some(spec: ModelSpec, counted: Mapping[str, int], as_of: datetime) -> int:
    """Return how many decisions are kept.

    Raises:
        BadData: none; with what became of them.
    """
    kept, total = counted.get(KEPT, 0), sum(counted.values())
    if not total:
        raise BadData(
            where=spec.decisions.relation, what=f"no decisions made by {as_of}", fix="look at its SQL and sources, or choose a later moment"
        )
    if not kept:
        shown = ", ".join(f"{rows:,} {fate}" for fate, rows in sorted(counted.items()))
        fix = f"look whether {spec.label.relation}.{spec.label.known_at} and the horizon are right, or wait until labels are mature"
        raise BadData(
            where=f"{spec.label.relation}.{spec.label.column}", what=f"none of {total:,} decisions has a mature label: {shown}", fix=fix
        )
    return kept


def _require_unique(connection: Connection, relation: Relation, names: list[str], *, where: str) -> None:
    key = ", ".join(quoted(name) for name in names)
    nulls = " and ".join(f"{quoted(name)} is not null" for name in names)
    rows = f"from (from {quoted(relation.table)} {where}) where {nulls}"
    twice = _first(connection, f"select {key}, count(*) {rows} group by all having count(*) > 1 order by all limit 1")
    if twice:
        shown = ", ".join(f"{name}={value}" for name, value in zip(names, twice, strict=False))
        fix = f"keep one row for each ({', '.join(names)}) in the SQL of {relation.name}: nobody can tell which one counts"
        raise BadData(where=relation.name, what=f"{twice[-1]} rows for {shown}", fix=fix)


def _first(connection: Connection, sql: str) -> tuple[Any, ...] | None:
    rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    return rows[0] if rows else None


def _one(connection: Connection, sql: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = connection.execute(sql).fetchall()[0]
    return row
