"""The served rows of a stretch of time, from the prediction log in the lake, each with what was looked up for it."""

from dataclasses import dataclass
from itertools import chain

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.data.given import keys_of
from shipworthy.gateways import lake
from shipworthy.gateways.engine import memory, quoted
from shipworthy.logbook.segments import LookedUp, Value
from shipworthy.records import Window
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project

_lookups: msgspec.json.Decoder[dict[str, LookedUp]] = msgspec.json.Decoder(dict[str, LookedUp])
_inputs: msgspec.json.Decoder[dict[str, Value]] = msgspec.json.Decoder(dict[str, Value])


@dataclass(frozen=True, slots=True)
class ServedRows:
    """Rows as they were answered, in the order of time.

    `inputs` and `lookups` row by row; a row without lookups was sent with every feature. `given` has `decided_at` and, as text, the
    keys by which features are found and the decision's own features as the lake has them; `placed` says whether the keys are known:
    from the log, or from the decision in the lake. `decided` says whether the lake has the decision.
    """

    entity: list[str]
    inputs: list[dict[str, Value]]
    lookups: list[dict[str, LookedUp] | None]
    given: pa.Table
    own: pa.Table
    placed: pa.ChunkedArray
    decided: pa.ChunkedArray


def count(project: Project, model: str, span: Window) -> int:
    """Return how many answers were given in `span`."""
    if not lake.exists(project.lake, f"predictions/{model}"):
        return 0
    with memory() as connection:
        lake.attach(connection, project.lake, "predictions", f"predictions/{model}")
        asked = 'select count(*) from predictions where "at" >= $start and "at" < $end'
        return int(connection.execute(asked, {"start": span.start, "end": span.end}).fetchall()[0][0])


def served_rows(project: Project, spec: ModelSpec, decisions: lake.Pin, span: Window, first: int, most: int) -> ServedRows:
    """Return at most `most` answers of `span`, from the one in place `first` on."""
    rows = _read(project, spec, decisions, span, first, most)
    lookups = [_lookups.decode(said) if said else None for said in rows["lookups"].to_pylist()]
    inputs = [_inputs.decode(said) for said in rows["inputs"].to_pylist()]
    known = {name: rows[f"key {name}"].to_pylist() for name in keys_of(spec)}
    for place, said in enumerate(lookups):
        for name, value in chain.from_iterable(look.keys.items() for look in (said or {}).values()):
            if name in known:
                known[name][place] = None if value is None else str(value)
    columns = {"decided_at": rows["decided_at"], **{name: pa.array(values, pa.string()) for name, values in known.items()}}
    placed = pc.or_(rows["decided"], pa.chunked_array([pa.array([said is not None for said in lookups], pa.bool_())]))
    own = pa.table({name: rows[f"own {name}"] for name in spec.decisions.features})
    return ServedRows(rows["entity"].to_pylist(), inputs, lookups, pa.table(columns), own, placed, rows["decided"])


def _read(project: Project, spec: ModelSpec, decisions: lake.Pin, span: Window, first: int, most: int) -> pa.Table:
    with memory() as connection:
        lake.attach(connection, project.lake, "predictions", f"predictions/{spec.model}")
        lake.attach(connection, project.lake, "decisions", decisions)
        there = {row[0] for row in connection.execute("describe predictions").fetchall()}
        lookups = "lookups" if "lookups" in there else "null::varchar as lookups"
        entity, time = quoted(spec.decisions.entity), quoted(spec.decisions.time)
        taken = [f"d.{quoted(name)}::varchar as {quoted(f'key {name}')}" for name in keys_of(spec)]
        taken += [f"d.{quoted(name)} as {quoted(f'own {name}')}" for name in spec.decisions.features]
        rows: pa.Table = connection.execute(
            f'with served as (select "at", id, entity, decided_at, version, inputs, {lookups} from predictions'
            f' where "at" >= $start and "at" < $end order by "at", id limit {most} offset {first})'
            f" select {', '.join(['served.*', f'd.{entity} is not null as decided', *taken])} from served"
            f" left join decisions d on d.{entity}::varchar = served.entity and d.{time} = served.decided_at"
            ' qualify row_number() over (partition by served.id) = 1 order by served."at", served.id',
            {"start": span.start, "end": span.end},
        ).to_arrow_table()
    return rows
