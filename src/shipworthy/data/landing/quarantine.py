"""Records that break their contract: the lake table `quarantine/<name>`, one row for each, with its history.

A record is never dropped: it is open until it keeps the contract, and then it says what became of it.
"""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyarrow as pa

from shipworthy.data.landing.staging import BREACHES, DELIVERY, RECORD, TEXT
from shipworthy.gateways.engine import Connection, literal
from shipworthy.spec.source import SourceSpec

Place = tuple[str, int]
Row = dict[str, Any]

OPEN, LANDED, WITHDRAWN = "open", "landed", "withdrawn"
CONFLICT = "conflict"
SCHEMA = pa.schema(
    {
        "id": pa.string(), "delivery": pa.string(), "record": pa.int64(), "column": pa.string(), "kind": pa.string(),
        "reason": pa.string(), "more": pa.string(), "text": pa.string(), "mended": pa.string(), "state": pa.string(),
        "content": pa.string(), "quarantined_at": pa.timestamp("us", "UTC"), "changed_at": pa.timestamp("us", "UTC"),
        "history": pa.string(),
    }
)  # fmt: skip
MEANING: Mapping[str, str] = {
    "id": "The record, by delivery and number.",
    "delivery": "The delivery that it came in.",
    "record": "Its number there, from 1.",
    "column": "The column that breaks the contract; null where it is the whole record.",
    "kind": "In which way it breaks it.",
    "reason": "What came, and what was expected.",
    "more": "Further breaches of the same record.",
    "text": "The record as it came, as JSON; a line that is none as it stands.",
    "mended": "The record as a person has corrected it; null if nobody has.",
    "state": "open; landed: keeps the contract now; withdrawn: its delivery does not deliver it any more.",
    "content": "The hash of the delivery.",
    "quarantined_at": "When it was put here.",
    "changed_at": "When its state or its reason last changed.",
    "history": "What was done about it, as JSON: when, who, which values, from what, why.",
}


def identity(delivery: str, record: int) -> str:
    """Return the name of a record."""
    return sha256(f"{delivery}\n{record}".encode()).hexdigest()[:12]


def empty() -> pa.Table:
    """Return a quarantine without records."""
    return SCHEMA.empty_table()


def opened(connection: Connection, contract: SourceSpec, text: str) -> pa.Table:
    """Return what is in quarantine now of the views `broken` and `conflicts`; `text` is SQL of a settled row's text."""
    first, named = f"{BREACHES}[1]", ", ".join([*contract.key, contract.known_time or ""]).strip(", ")
    reason = f"the same {named} comes with other content in another record: which one is so is not known"
    rows: pa.Table = connection.execute(
        f"select {DELIVERY} as delivery, {RECORD} as record, {first}.column as column, {first}.kind as kind, {first}.reason as reason, "
        f"nullif(array_to_string([one.reason for one in {BREACHES}[2:]], '; '), '') as more, {TEXT} as text from broken "
        f"union all select {DELIVERY}, {RECORD}, null, {literal(CONFLICT)}, {literal(reason)}, null, {text} from conflicts"
    ).to_arrow_table()
    return rows


@dataclass(frozen=True, slots=True)
class Looked:
    """What a landing has looked at: records of the quarantine by themselves, and whole deliveries; which of them are good.

    Args:
        tried: delivery and number of each record that was tried again.
        read: the deliveries that were read.
        good: delivery and number of each record of the quarantine that keeps the contract now.
        contents: the hash of each delivery, by name.
        at: the moment.
    """

    tried: Set[Place]
    read: Set[str]
    good: Set[Place]
    contents: Mapping[str, str]
    at: datetime


def merged(before: pa.Table, now: pa.Table, looked: Looked) -> pa.Table:
    """Return the quarantine after a landing: `before` as it was, `now` what is in it of all that was looked at."""
    rows = {row["id"]: row for row in before.to_pylist()}
    found = {identity(row["delivery"], row["record"]): row for row in now.to_pylist()}
    kept = {name: _kept(row, looked) for name, row in rows.items() if name not in found}
    put = {name: _put(rows.get(name), row, name, looked) for name, row in found.items()}
    return pa.Table.from_pylist(sorted({**kept, **put}.values(), key=lambda row: (row["delivery"], row["record"])), schema=SCHEMA)


def _kept(row: Row, looked: Looked) -> Row:
    """Return a record that is not in quarantine any more, or that nobody looked at."""
    place = (row["delivery"], row["record"])
    if row["state"] == WITHDRAWN or (place not in looked.tried and row["delivery"] not in looked.read):
        return row
    state = LANDED if place in looked.good else WITHDRAWN
    return row if state == row["state"] else row | {"state": state, "changed_at": looked.at}


def _put(before: Row | None, now: Row, name: str, looked: Looked) -> Row:
    content, at = looked.contents.get(now["delivery"]), looked.at
    if before is None:
        return now | {
            "id": name, "mended": None, "state": OPEN, "content": content, "quarantined_at": at, "changed_at": at, "history": "[]"
        }  # fmt: skip
    told = {part: now[part] for part in ("column", "kind", "reason", "more")}
    same = content == before["content"]
    text = {} if same else {"text": now["text"], "mended": None, "content": content}
    changed = before["state"] != OPEN or any(before[part] != value for part, value in told.items()) or not same
    return before | told | text | {"state": OPEN} | ({"changed_at": at} if changed else {})


def mend(row: Row, text: str, *, who: str, why: str, at: datetime) -> Row:
    """Return the record `row` with `text` as a person has corrected it, and that in its history."""
    step = {"at": at.isoformat(), "who": who, "why": why, "from": row["mended"] or row["text"], "to": text}
    return row | {"mended": text, "changed_at": at, "history": json.dumps([*json.loads(row["history"]), step], ensure_ascii=False)}
