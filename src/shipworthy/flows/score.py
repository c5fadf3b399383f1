"""`score`: the champion's answer for each decision since the last scoring, into the lake; each decision once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.data.training_set import features
from shipworthy.errors import ShipworthyError
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.absorb import MOMENT
from shipworthy.gateways import lake
from shipworthy.gateways.trust import trust_of
from shipworthy.logbook import read
from shipworthy.registry.package import load
from shipworthy.registry.reply import replies
from shipworthy.spec.project import Project, model

WRITER = "score"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCORES = pa.schema(
    [
        ("entity", pa.string()),
        ("decided_at", MOMENT),
        ("version", pa.int64()),
        ("answer", pa.float64()),
        ("inputs", pa.string()),
        ("scored_at", MOMENT),
        ("class", pa.string()),
        ("probabilities", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Scored:
    """How many decisions were scored, by which version, from when to when."""

    model: str
    version: int
    rows: int
    since: datetime
    until: datetime


def score(project: Project, book: Engine, name: str, as_of: datetime, *, since: datetime | None = None) -> Scored:
    """Score every decision of the model `name` after the last scoring (or `since`) up to `as_of`, with what was known at each.

    Without an earlier scoring and without `since` it begins where the champion was promoted. Repeated for the
    same moment it writes nothing.

    Raises:
        ShipworthyError: nothing is promoted, or nothing is built.
    """
    spec = model(project, name)
    champion = read.champion(book, name)
    version = read.version(book, name, champion) if champion is not None else None
    if version is None:
        raise ShipworthyError(where=name, what="no version is promoted", fix=f"shipworthy train {name} && shipworthy promote {name}")
    table = f"scores/{name}"
    start = _after_last(project, table) or since or read.deployments(book, name)[-1].at
    catalog = catalogs.load(project)
    relations = catalogs.relations(catalog, spec)
    if start >= as_of:
        return Scored(name, version.version, 0, start, as_of)
    frame = features(project.lake, spec, relations, as_of, start, as_of, pins=catalogs.pins(catalog, spec))
    package = load(project.state / version.artifact, trust=trust_of(project))
    names, said = list(package.schema.names), replies(package.schema, package.predict_table(frame).tolist())
    rows = pa.table(
        {
            "entity": frame.column("entity").cast(pa.string()), "decided_at": frame.column("decided_at").cast(MOMENT),
            "version": [version.version] * frame.num_rows, "answer": [one.answer for one in said],
            "inputs": [msgspec.json.encode(row).decode() for row in frame.select(names).to_pylist()], "scored_at": [as_of] * frame.num_rows,
            "class": [one.class_ for one in said],
            "probabilities": [one.probabilities and msgspec.json.encode(one.probabilities).decode() for one in said],
        },
        schema=SCORES,
    )  # fmt: skip
    lake.append(project.lake, table, rows, writer=WRITER, sequence=_sequence(as_of))
    return Scored(name, version.version, frame.num_rows, start, as_of)


def _sequence(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _after_last(project: Project, table: str) -> datetime | None:
    last = lake.last_sequence(project.lake, table, WRITER)
    return None if last is None else EPOCH + timedelta(microseconds=last)
