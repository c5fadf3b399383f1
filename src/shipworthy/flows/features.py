"""`features`: the features of decisions in a file, as known at each of them: what a training set would hold for them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from shipworthy.data.given import TIME, retrieve
from shipworthy.errors import BadData
from shipworthy.flows import catalog as catalogs
from shipworthy.gateways.engine import files, literal, memory
from shipworthy.spec.project import Project, model


@dataclass(frozen=True, slots=True)
class Found:
    """The decisions of a file in their order, each with its features; `features` are the names of those."""

    model: str
    as_of: datetime
    rows: pa.Table
    features: tuple[str, ...]


def features(project: Project, name: str, entities: Path, as_of: datetime) -> Found:
    """Return the features of the relations of the model `name` for each decision in the file `entities` (CSV or Parquet).

    The file has the moment of each decision, as `decided_at` or under its name in the relation of decisions, and the columns of
    decisions by which features are found. It need not hold anything that is in the lake. Columns that it has beside these stay.

    Raises:
        UnknownName: no such model, or a column is missing.
        BadData: a moment or key that is none, a decision after `as_of`, a column that is named like a feature.
        StepFailed: nothing is built, or what is built is not fit.
    """
    spec, catalog = model(project, name), catalogs.load(project)
    given = _read(entities)
    own = given.rename_columns([TIME if column == spec.decisions.time else column for column in given.column_names])
    found = retrieve(project.lake, spec, catalogs.relations(catalog, spec), own, as_of, pins=catalogs.pins(catalog, spec))
    names = [column for column in found.column_names if not column.endswith((" found", " event_time", " known_time"))]
    for column in names:
        if column in own.column_names:
            what = f"has a column '{column}', which is a feature of {name}"
            raise BadData(where=str(entities), what=what, fix="leave it out of the file, or give it another name")
    return Found(name, as_of, pa.table([*own.columns, *found.select(names).columns], names=[*own.column_names, *names]), tuple(names))


def _read(file: Path) -> pa.Table:
    if not file.is_file():
        raise BadData(where=str(file), what="no such file", fix="name a CSV or Parquet file with one row for each decision")
    source = files([str(file)]) if file.suffix == ".parquet" else f"read_csv({literal(str(file))}, all_varchar=true, header=true)"
    with memory(ordered=True) as connection:
        rows: pa.Table = connection.execute(f"select * from {source}").to_arrow_table()
    return rows


def write(found: Found, file: Path) -> None:
    """Write the rows to `file`: Parquet, or CSV where its name ends in anything else; at once or not at all."""
    beside = file.with_name(f".{file.name}.writing")
    options = "format parquet" if file.suffix == ".parquet" else "format csv, header"
    with memory(ordered=True) as connection:
        connection.register("found", found.rows)
        connection.execute(f"copy found to {literal(str(beside))} ({options})")
    beside.replace(file)
