"""What stands beside a training set and is not in it: columns of its decisions, and the newest decisions without a label."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shipworthy.data import training_set
from shipworthy.data.moments import known_sql, moment, time_sql
from shipworthy.data.parts import parts, relation_of
from shipworthy.data.relation import Relation
from shipworthy.data.training_set import TrainingSet
from shipworthy.gateways import lake as tables
from shipworthy.gateways.engine import memory, quoted
from shipworthy.spec.model import ModelSpec

Moments = npt.NDArray[np.datetime64]
LAST_INCLUDED = timedelta(microseconds=1)


def decided_columns(
    lake: Path, spec: ModelSpec, relations: Mapping[str, Relation], made: TrainingSet, rows: pa.Table, names: Sequence[str]
) -> pa.Table:
    """Return columns of the decisions for each of `rows`, in their order, from the version that the set was made from.

    Args:
        lake: the folder of Delta tables.
        spec: the model.
        relations: the facts of each relation of the spec, by name.
        made: the training set.
        rows: its rows.
        names: columns of the decisions' relation, features or not.

    Raises:
        UnknownName: the relation has no such column.
    """
    relation = relation_of(relations, spec.decisions.relation)
    return _asked(lake, spec, relation, made, rows, {name: quoted(relation.require(name)) for name in names})


def known_moments(lake: Path, spec: ModelSpec, relations: Mapping[str, Relation], made: TrainingSet, rows: pa.Table) -> dict[str, Moments]:
    """Return, for each feature whose column of the decisions declares a `known_time`, the moment at which each value became known.

    Each has shape (n,), datetime64[us] in UTC, NaT where nothing was recorded.

    Raises:
        BadData: a declared column holds no moments.
    """
    relation = relation_of(relations, spec.decisions.relation)
    timed = {name: relation.known_times[name] for name in spec.decisions.features if name in relation.known_times}
    if not timed:
        return {}
    found = _asked(lake, spec, relation, made, rows, {name: time_sql(relation, column) for name, column in timed.items()})
    return {name: found.column(name).cast(pa.timestamp("us")).to_numpy() for name in timed}


def fresh_rows(lake: Path, spec: ModelSpec, relations: Mapping[str, Relation], made: TrainingSet) -> pa.Table:
    """Return `entity`, `decided_at` and the features of the decisions whose horizon had not passed when the set was made.

    They are what the model will meet: columns that are filled in later are still as empty as they will be. No such
    decision is an empty table.
    """
    start = made.as_of - spec.label.horizon + LAST_INCLUDED
    return training_set.features(lake, spec, relations, made.as_of, start, made.as_of + LAST_INCLUDED, pins=made.pins)


def found_moments(lake: Path, spec: ModelSpec, relations: Mapping[str, Relation], made: TrainingSet) -> dict[str, Moments]:
    """Return, for each feature relation with times, the event time of the row that each decision of the set got, in the order of its rows.

    Each has shape (n,), datetime64[us] in UTC, NaT where no row was found. A relation that is used twice has its second name, `NAME_2`.
    """
    timed = [part for part in parts(spec, relations) if not part.relation.static]
    if not timed:
        return {}
    found = _same_rows(training_set.found(lake, spec, relations, made), made.rows)
    first = {part.relation.name: part.alias for part in reversed(timed)}
    names = {part.alias: part.relation.name if first[part.relation.name] == part.alias else part.alias for part in timed}
    return {name: found.column(alias).cast(pa.timestamp("us")).to_numpy() for alias, name in names.items()}


def _asked(lake: Path, spec: ModelSpec, relation: Relation, made: TrainingSet, rows: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    untimed = relation.known_time is None and relation.latency is None
    known = "" if untimed else f"where {known_sql(relation)} <= {moment(made.as_of)}"
    entity, time = quoted(spec.decisions.entity), time_sql(relation, spec.decisions.time)
    shown = ", ".join(f"{sql} as {quoted(name)}" for name, sql in columns.items())
    decided = f"select {entity} as sw_entity, {time} as sw_time, {shown} from {quoted(relation.table)} {known}"
    numbered = rows.select(["entity", "decided_at"]).append_column("sw_row", pa.array(np.arange(rows.num_rows)))
    wanted = ", ".join(f"decided.{quoted(name)}" for name in columns)
    with memory() as connection:
        tables.attach(connection, lake, relation.table, made.pins[relation.name])
        connection.register("asked", numbered)
        sql = f"select {wanted} from asked left join ({decided}) as decided on entity = sw_entity and decided_at = sw_time order by sw_row"
        found: Any = connection.execute(sql).to_arrow_table()
    return _same_rows(found, rows.num_rows)


def _same_rows(found: pa.Table, rows: int) -> pa.Table:
    assert found.num_rows == rows, f"{found.num_rows} rows beside {rows}"
    return found
