"""What was answered, beside what came true: predictions joined with their matured outcomes as of a moment."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa

from shipworthy.errors import BadData
from shipworthy.gateways import lake
from shipworthy.gateways.engine import Connection, memory, quoted
from shipworthy.registry.schema import Schema
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project

SQL_KINDS: Mapping[str, str] = {"number": "DOUBLE", "category": "VARCHAR"}

_ANSWERED = """
select * exclude ("at", place) from (
    select {columns}, "at", 0 as place from predictions where "at" <= $as_of
    union all
    select {columns}, scored_at, 1 from scores where scored_at <= $as_of
)
where decided_at >= $since and decided_at <= $as_of
qualify row_number() over (partition by entity, decided_at order by place, "at") = 1
"""

_TRUE = """
select entity, value from (
    select entity::varchar as entity, value::{kind} as value, known_at, 0 as place from labels
    where known_at <= $as_of and value is not null
    union all
    select entity, {value}, known_at, 1 from outcomes where known_at <= $as_of and "at" <= $as_of
)
qualify row_number() over (partition by entity order by place, known_at desc) = 1
"""

COLUMNS = "entity, decided_at, version, answer, inputs"
OF_CLASSES = f'{COLUMNS}, "class", probabilities'
_ANSWER = (
    "null::varchar as entity, null::timestamptz as decided_at, null::bigint as version, null::double as answer, null::varchar as inputs, "
    'null::varchar as "class", null::varchar as probabilities'
)
_EMPTY = {
    "predictions": f'select {_ANSWER}, null::timestamptz as "at" where false',
    "scores": f"select {_ANSWER}, null::timestamptz as scored_at where false",
    "outcomes": 'select null::varchar as entity, 0::double as value, null::varchar as "class", null::timestamptz as known_at, '
    'null::timestamptz as "at" where false',
}


def served(project: Project, spec: ModelSpec, labels: lake.Pin, as_of: datetime, *, since: datetime, classes: bool = False) -> pa.Table:
    """Return one row for each decision that was answered from `since` to `as_of`, as it was known then.

    Columns: entity, decided_at, version, answer, inputs (JSON), `mature` (whether the label's horizon has passed), `truth`: what
    came true, null where it is not known or not mature. With `classes` the truth is the name of one, and `class` and
    `probabilities` (JSON) say what was answered. The team's own label counts before one that was
    reported to the service. A decision that was answered twice counts with its first answer.
    """
    answered = _ANSWERED.format(columns=OF_CLASSES if classes else COLUMNS)
    came_true = _TRUE.format(kind="varchar" if classes else "double", value='"class"' if classes else "value")
    with memory() as connection:
        _attach(connection, project, spec, labels)
        names = {"as_of": as_of, "since": since, "horizon": spec.label.horizon}
        rows: pa.Table = connection.execute(
            f"with answered as ({answered}), came_true as ({came_true}), joined as ("
            " select a.*, a.decided_at + $horizon::interval <= $as_of as mature, t.value"
            " from answered a left join came_true t using (entity))"
            " select * exclude (value), case when mature then value end as truth from joined order by decided_at, entity",
            names,
        ).to_arrow_table()
    return rows


def _attach(connection: Connection, project: Project, spec: ModelSpec, labels: lake.Pin) -> None:
    for name, empty in _EMPTY.items():
        table = f"{name}/{spec.model}"
        if lake.exists(project.lake, table):
            lake.attach(connection, project.lake, name, table)
        else:
            connection.execute(f"create temp view {name} as {empty}")
    lake.attach(connection, project.lake, "label_relation", labels)
    entity = quoted(spec.label.entity or spec.decisions.entity)
    value, known_at = quoted(spec.label.column), quoted(spec.label.known_at)
    connection.execute(
        f"create temp view labels as select {entity} as entity, {value} as value, {known_at} as known_at from label_relation"
    )


def inputs_of(rows: pa.Table, schema: Schema) -> pa.Table:
    """Return `rows` with each feature of `schema` as a column of its own, read from the JSON in `inputs`.

    A feature that a row lacks is null: an older version did not take it.
    """
    shape = ", ".join(f'"{column.name}":"{SQL_KINDS[column.kind]}"' for column in schema.columns)
    with memory() as connection:
        connection.register("rows", rows.append_column("place", pa.array(range(rows.num_rows), pa.int64())))
        unnested: pa.Table = connection.execute(
            f"select place, unnest(from_json(inputs, '{{{shape}}}')) from rows order by place"
        ).to_arrow_table()
    if unnested.num_rows != rows.num_rows:
        raise BadData(
            where="prediction log", what=f"{rows.num_rows - unnested.num_rows} rows have no inputs", fix="look at the log's segments"
        )
    columns = [unnested.column(name) for name in schema.names]
    return pa.table([*rows.columns, *columns], names=[*rows.column_names, *schema.names])
