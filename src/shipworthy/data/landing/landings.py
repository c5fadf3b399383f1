"""What was landed of which delivery: the lake table `landings/<name>`, one row for each delivery."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyarrow as pa

from shipworthy.data.landing.deliveries import Delivery
from shipworthy.spec.source import SourceSpec

READ_BY = ("key", "known_time", "null_text", "format", "delimiter", "encoding", "sheet")
COLUMN_READ_BY = ("type", "required", "format", "zone", "null_text", "allowed", "minimum", "maximum")


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of one delivery when it was read.

    Args:
        delivery: its name.
        content: the hash of what it held.
        size: in bytes.
        modified: when it was last written, in ns.
        contract: what the contract said then, hashed: only that which changes how a record is read.
        records: how many it had.
        landed: how many of them became rows.
        repeated: how many said again what others say.
        quarantined: how many were put into quarantine.
        nulls: how many values of each column were written as a text that means null.
        profile: of each numeric column: the values below which 10, 25, 50, 75 and 90 of 100 lie.
        more: columns that it had and the contract has not.
        number: in which landing it was read, counted from 1.
        landed_at: the moment of that landing.
    """

    delivery: str
    content: str
    size: int
    modified: int
    contract: str
    records: int
    landed: int
    repeated: int
    quarantined: int
    number: int
    landed_at: datetime
    nulls: Mapping[str, int] = field(default_factory=dict)
    profile: Mapping[str, list[float]] = field(default_factory=dict)
    more: tuple[str, ...] = ()

    def holds(self, delivery: Delivery) -> bool:
        """Return whether `delivery` stands as it did when it was read: then so does what it holds."""
        return (self.size, self.modified) == (delivery.size, delivery.modified)


SCHEMA = pa.schema(
    {
        "delivery": pa.string(), "content": pa.string(), "size": pa.int64(), "modified": pa.int64(), "contract": pa.string(),
        "records": pa.int64(), "landed": pa.int64(), "repeated": pa.int64(), "quarantined": pa.int64(), "number": pa.int64(),
        "landed_at": pa.timestamp("us", "UTC"), "nulls": pa.string(), "profile": pa.string(), "more": pa.string(),
    }
)  # fmt: skip
AS_JSON = ("nulls", "profile", "more")


def table(landings: Iterable[Landing]) -> pa.Table:
    """Return `landings` as rows, by delivery."""
    rows = [{one.name: getattr(landing, one.name) for one in fields(landing)} for landing in landings]
    told = [row | {name: json.dumps(row[name]) for name in AS_JSON} for row in sorted(rows, key=lambda row: str(row["delivery"]))]
    return pa.Table.from_pylist(told, schema=SCHEMA)


def landings(rows: pa.Table) -> dict[str, Landing]:
    """Return the landings that `rows` hold, by delivery."""
    return {row["delivery"]: _landing(row) for row in rows.to_pylist()}


def _landing(row: Mapping[str, Any]) -> Landing:
    told = {name: json.loads(row[name]) for name in AS_JSON}
    return Landing(**dict(row) | told | {"more": tuple(told["more"])})


def fingerprint(contract: SourceSpec) -> str:
    """Return a hash of what a contract says on how a record is read: the same for another description, path or bound."""
    said = contract.model_dump(mode="json")
    columns = [[name, *(about[part] for part in COLUMN_READ_BY)] for name, about in said["columns"].items()]
    return sha256(json.dumps([columns, [said[part] for part in READ_BY]]).encode()).hexdigest()
