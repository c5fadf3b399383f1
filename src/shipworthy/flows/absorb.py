"""Brings the prediction log from its segments into the lake, each record exactly once.

The Delta commit that takes a stretch of a segment also notes how far it went, so that a crash at any moment neither
loses nor repeats a record. A segment whose writer is gone and that was taken whole is moved aside.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from shipworthy.gateways import lake
from shipworthy.logbook import segments
from shipworthy.logbook.segments import Outcome, Prediction, Record
from shipworthy.spec.project import Project

MOMENT = pa.timestamp("us", "UTC")
PREDICTIONS = pa.schema([
    ("id", pa.string()), ("at", MOMENT), ("model", pa.string()), ("version", pa.int64()), ("entity", pa.string()), ("decided_at", MOMENT),
    ("inputs", pa.string()), ("answer", pa.float64()), ("fallback", pa.bool_()), ("latency_seconds", pa.float64()), ("caller", pa.string()),
    ("lookups", pa.string()), ("class", pa.string()), ("probabilities", pa.string()),
])  # fmt: skip
OUTCOMES = pa.schema(
    [
        ("at", MOMENT),
        ("model", pa.string()),
        ("entity", pa.string()),
        ("decided_at", MOMENT),
        ("value", pa.float64()),
        ("known_at", MOMENT),
        ("class", pa.string()),
    ]
)
ABSORBED = "absorbed"


def absorb(project: Project, model: str) -> int:
    """Take what is new in the segments of `model` into `predictions/<model>` and `outcomes/<model>`; return how many records."""
    folder = project.segments / model
    return sum(_segment(project.lake, model, segment) for segment in segments.segments(folder))


def _segment(into: Path, model: str, segment: Path) -> int:
    over = segments.finished(segment)
    taken = _kind(into, f"predictions/{model}", segment, Prediction, PREDICTIONS) + _kind(
        into, f"outcomes/{model}", segment, Outcome, OUTCOMES
    )
    if over:
        (segment.parent / ABSORBED).mkdir(exist_ok=True)
        segment.rename(segment.parent / ABSORBED / segment.name)
    return taken


def _kind(into: Path, table: str, segment: Path, kind: type[Record], schema: pa.Schema) -> int:
    offset = lake.last_sequence(into, table, segment.name) or 0
    taken = 0
    while True:
        found, after = segments.read(segment, offset)
        if after == offset:
            return taken
        records = [record for record in found if isinstance(record, kind)]
        if records:
            lake.append(into, table, _rows(records, schema), writer=segment.name, sequence=after)
        taken, offset = taken + len(records), after


def _rows(records: Sequence[Record], schema: pa.Schema) -> pa.Table:
    fields = {name: "class_" if name == "class" else name for name in schema.names}
    columns: dict[str, list[object]] = {name: [getattr(record, field) for record in records] for name, field in fields.items()}
    for name in {"inputs", "lookups", "probabilities"} & columns.keys():
        columns[name] = [None if said is None else msgspec.json.encode(said).decode() for said in columns[name]]
    return pa.table(columns, schema=schema)
