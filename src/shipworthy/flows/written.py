"""The tables that Shipworthy writes for dbt, BI tools and people to read: a dbt source `shipworthy`."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine

from shipworthy.data.generated import WrittenTable
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.spec.project import Project

WRITTEN: Mapping[str, WrittenTable] = {
    "predictions": WrittenTable(
        "Every answer of the service, as it was logged before it was given.",
        {
            "id": "The prediction.",
            "at": "When it was answered.",
            "model": "The model.",
            "version": "The version that answered.",
            "entity": "What was predicted.",
            "decided_at": "The moment of the decision.",
            "answer": "The prediction; of several classes the probability of the most probable.",
            "class": "Of several classes the most probable.",
            "probabilities": "Of several classes the probability of each, as JSON.",
            "inputs": "The raw features, as JSON.",
            "lookups": "What was looked up in the online store, as JSON: row and version of each relation; null if nothing.",
        },
        required=("id", "at", "entity", "decided_at", "answer"),
        loaded_at="at",
    ),
    "outcomes": WrittenTable(
        "Every outcome that was reported to the service.",
        {
            "at": "When it was received.",
            "entity": "What it is the outcome of.",
            "value": "What came true, where it is a number.",
            "class": "What came true, where it is a class.",
            "known_at": "When that became known.",
        },
        required=("at", "entity", "known_at"),
        loaded_at="at",
    ),
    "scores": WrittenTable(
        "Every batch score.",
        {
            "entity": "What was predicted.",
            "decided_at": "The moment of the decision.",
            "version": "The version that answered.",
            "answer": "The prediction; of several classes the probability of the most probable.",
            "class": "Of several classes the most probable.",
            "probabilities": "Of several classes the probability of each, as JSON.",
            "scored_at": "The moment that the scoring was for.",
            "inputs": "The raw features, as JSON.",
        },
        required=("entity", "decided_at", "answer", "scored_at"),
        loaded_at="scored_at",
    ),
    "measurements": WrittenTable(
        "Every number that was measured.",
        {
            "name": "What was measured.",
            "subject": "Of what.",
            "value": "The number; null if not known.",
            "at": "The moment it speaks of.",
            "rows": "Rows behind it; null if not known.",
        },
        required=("name", "subject", "at"),
        loaded_at="at",
    ),
    "alerts": WrittenTable(
        "Every lasting condition, by the moment it was last seen.",
        {
            "key": "What the condition is about.",
            "model": "The model.",
            "severity": "How loud it is.",
            "state": "pending, firing or recovered.",
            "words": "What is the matter.",
            "first_seen": "When it began.",
            "last_seen": "When it was last seen.",
        },
        required=("key", "severity", "state", "first_seen"),
        loaded_at="last_seen",
    ),
}

_TEXT, _MOMENT = pa.string(), pa.timestamp("us", "UTC")
SCHEMAS: Mapping[str, pa.Schema] = {
    "measurements": pa.schema({"name": _TEXT, "subject": _TEXT, "value": pa.float64(), "at": _MOMENT, "rows": pa.int64()}),
    "alerts": pa.schema(
        {"key": _TEXT, "model": _TEXT, "severity": _TEXT, "state": _TEXT, "words": _TEXT, "first_seen": _MOMENT, "last_seen": _MOMENT}
    ),
}


def written_tables(project: Project) -> dict[str, str]:
    """Return the lake table of each dbt source of ours that exists, by the source's name.

    The name is the kind, with the model behind it where a kind has one table for each: `predictions_arrival_delay`.
    """
    found = [table for table in lake.tables(project.lake) if table.split("/")[0] in WRITTEN]
    return {table.replace("/", "_"): table for table in found}


def kinds(project: Project) -> dict[str, str]:
    """Return the kind of each dbt source of ours that exists, by the source's name."""
    return {name: table.split("/")[0] for name, table in written_tables(project).items()}


def publish_logbook(project: Project, book: Engine) -> None:
    """Put measurements and alerts where SQL and BI tools find them; the same content writes nothing."""
    found: dict[str, list[Any]] = {"measurements": list(read.measurements(book)), "alerts": list(read.alerts(book))}
    for table, records in found.items():
        if records:
            columns = list(WRITTEN[table].columns)
            rows = [[getattr(record, name) for record in records] for name in columns]
            content = sha256(repr(rows).encode()).hexdigest()
            lake.overwrite(project.lake, table, pa.table(rows, schema=SCHEMAS[table]), content=content)
