"""One decision, by its entity and moment, as the relation of decisions has it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from shipworthy.clock import utc
from shipworthy.data.given import TIME, keys_of
from shipworthy.data.moments import time_sql
from shipworthy.data.parts import relation_of
from shipworthy.data.relation import Relation
from shipworthy.data.training_set import opened, pinned
from shipworthy.errors import BadData
from shipworthy.gateways.engine import quoted
from shipworthy.gateways.lake import Pin
from shipworthy.spec.model import ModelSpec


def one_decision(
    lake: Path,
    spec: ModelSpec,
    relations: Mapping[str, Relation],
    entity: str,
    as_of: datetime,
    *,
    pins: Mapping[str, Pin] | None = None,
    memory_limit: str = "2GB",
) -> pa.Table:
    """Return the last decision about `entity` at or before `as_of`: `decided_at`, its keys and its own features; one row.

    Args:
        lake: the folder of Delta tables.
        spec: the model.
        relations: the facts of each relation of the spec, by name.
        entity: the entity, as text.
        as_of: aware.
        pins: which version of a relation to read; the newest where none is given.
        memory_limit: of the query.

    Raises:
        BadData: there is no such decision; says which there are, if there are some after `as_of`.
    """
    as_of, decisions = utc(as_of), spec.decisions
    relation = relation_of(relations, decisions.relation)
    read = pinned(lake, spec, pins)
    with opened(lake, {relation.name: read[relation.name]}, relations, memory_limit) as (connection, seen):
        here = seen[relation.name]
        names = list(dict.fromkeys([*keys_of(spec), *decisions.features]))
        shown = ", ".join([f"{time_sql(here, decisions.time)} as {TIME}", *(quoted(here.require(name)) for name in names)])
        wanted = f"select {shown} from {quoted(here.table)} where {quoted(decisions.entity)}::varchar = $entity"
        found: pa.Table = connection.execute(
            f"select * from ({wanted}) where {TIME} <= $as_of order by {TIME} desc limit 1", {"entity": entity, "as_of": as_of}
        ).to_arrow_table()
        if not found.num_rows:
            first = connection.execute(f"select min({TIME}) from ({wanted})", {"entity": entity}).fetchall()[0][0]
            raise _none(here, decisions.entity, entity, as_of, first)
    return found


def _none(relation: Relation, column: str, entity: str, as_of: datetime, first: datetime | None) -> BadData:
    where = f"{relation.name}.{column}"
    if first is not None:
        what = f"the first decision about '{entity[:60]}' is of {first:%Y-%m-%d %H:%M}, after {as_of:%Y-%m-%d %H:%M}"
        return BadData(where=where, what=what, fix=f"take a later moment: --at {first:%Y-%m-%dT%H:%M}")
    return BadData(where=where, what=f"no decision about '{entity[:60]}'", fix=f"name an entity as it stands in {relation.name}")
