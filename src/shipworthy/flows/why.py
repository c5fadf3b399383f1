"""Why looked-up features are not what the lake gives: by the version that the store held when they were served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shipworthy.data.given import retrieve
from shipworthy.data.parts import Part, parts
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.served_rows import ServedRows
from shipworthy.gateways import lake
from shipworthy.logbook.segments import LookedUp
from shipworthy.monitoring.parity import TOLERANCE, Cause, Mask, Row, Sides, cause
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.project import Project


@dataclass(frozen=True, slots=True)
class Then:
    """What the version that the store held gives for one decision: its row, and the features by name."""

    row: Row
    values: Mapping[str, Any]


def whys(
    project: Project,
    spec: ModelSpec,
    catalog: catalogs.Catalog,
    part: Part,
    rows: ServedRows,
    now: pa.Table,
    differ: Mapping[str, Mask],
) -> dict[str, dict[int, Cause]]:
    """Return the cause of each cell of `part` that differs, by feature and place of the row.

    A feature that the request sent has none but its definition. `now` is what the lake gives, row by row of `rows`, as
    `data.given.retrieve` has it.
    """
    places = np.flatnonzero(np.logical_or.reduce(list(differ.values()))).tolist() if differ else []
    looks = {place: look for place in places if (look := (rows.lookups[place] or {}).get(part.alias))}
    then = _then(project, spec, catalog, part, rows, looks)
    definition = catalog.relations[part.relation.name].get("definition", "")
    causes: dict[str, dict[int, Cause]] = {name: {} for name in differ}
    for place in places:
        look, current = looks.get(place), _row(now, part, place)
        for name in (name for name, differs in differ.items() if differs[place]):
            if look is None or name in look.sent:
                causes[name][place] = "definition"
                continue
            online = Row(look.event_time is not None or look.missing is None, look.event_time, look.known_time)
            sides = Sides(online, then[place].row, current, look.as_of, look.definition != definition)
            served = rows.inputs[place].get(name)
            causes[name][place] = cause(sides, value_then_was_served=_equal(served, then[place].values.get(name)))
    return causes


def _row(frame: pa.Table, part: Part, place: int) -> Row:
    found, event, known = (frame[f"{part.alias} {column}"][place].as_py() for column in ("found", "event_time", "known_time"))
    return Row(bool(found), event, known)


def _equal(served: object, given: Any) -> bool:
    if isinstance(served, float) and isinstance(given, (bool, int, float)):
        return served == given or abs(served - given) <= TOLERANCE * max(abs(served), abs(given))
    return bool(served == given)


def _then(
    project: Project, spec: ModelSpec, catalog: catalogs.Catalog, part: Part, rows: ServedRows, looks: Mapping[int, LookedUp]
) -> dict[int, Then]:
    """Return what the versions that the store held give for the rows in `looks`, by place."""
    by_version: dict[int, list[int]] = {}
    for place, look in looks.items():
        by_version.setdefault(look.version, []).append(place)
    return {place: one for version, places in by_version.items() for place, one in _of(project, spec, catalog, part, rows, version, places)}


def _of(
    project: Project, spec: ModelSpec, catalog: catalogs.Catalog, part: Part, rows: ServedRows, version: int, places: Sequence[int]
) -> list[tuple[int, Then]]:
    relation = part.relation
    pin = lake.Pin(relation.table, version)
    there = set(lake.schema_of(project.lake, pin).names)
    if not there.issuperset(name for name in (*relation.entity, relation.event_time, relation.known_time) if name):
        return [(place, Then(Row(False), {})) for place in places]  # keys or times had other names: nothing can be found in it
    asked = {name: column for name, column in part.columns.items() if column in there}
    alone = _alone(spec, part, list(asked.values()))
    relations = {name: catalogs.relation(name, catalog.relations[name]) for name in alone.relations}
    given = rows.given.take(pa.array(places))
    last = pc.max(given["decided_at"]).as_py()
    frame = retrieve(project.lake, alone, relations, given, last, pins={**catalogs.pins(catalog, alone), relation.name: pin})
    found = replace(part, alias=parts(alone, relations)[0].alias)
    return [(place, Then(_row(frame, found, at), {name: frame[name][at].as_py() for name in asked})) for at, place in enumerate(places)]


def _alone(spec: ModelSpec, part: Part, columns: list[str]) -> ModelSpec:
    """Return `spec` with nothing but one of its parts, and of that these columns."""
    said = next(one for one in spec.features if one.relation == part.relation.name and list(one.keys) == list(part.keys))
    return spec.model_copy(update={"features": [said.model_copy(update={"columns": columns})]})
