"""From a place in a stream to deliveries on disk: received, written, and only then acknowledged.

A process that dies in between has lost nothing: what was not acknowledged is handed out again, and landing counts what comes
twice once. A delivery is a file that landing reads like any other: one message in each line, as it was received.
"""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

from shipworthy.clock import wall
from shipworthy.gateways import durable
from shipworthy.gateways.brokers.base import Subscription
from shipworthy.spec.source import SourceSpec, Stream

MOST_MESSAGES = 10_000
MOST_BYTES = 64 * 1024 * 1024
SLICE = 500
"""How many messages are asked for at a time: between two questions their size is looked at."""

LOOK_SECONDS = 1.0
LEAST_SECONDS_BETWEEN_LANDINGS = 10.0
LEFT_BEHIND = timedelta(hours=1)
PART = ".part"


def gather(place: Subscription, *, seconds: float, most: int = MOST_MESSAGES, ended: Callable[[], bool] = lambda: False) -> list[bytes]:
    """Return what comes within `seconds`, or until it has `ended`: at most `most` messages, and no more once they have `MOST_BYTES`."""
    found: list[bytes] = []
    size, deadline = 0, monotonic() + seconds
    while len(found) < most and size < MOST_BYTES and (left := deadline - monotonic()) > 0 and not ended():
        came = place.receive(min(SLICE, most - len(found)), min(LOOK_SECONDS, left))
        found += came
        size += sum(map(len, came))
    return found


def deliver(folder: Path, payloads: Sequence[bytes]) -> Path:
    """Write `payloads` as one delivery into `folder`, and return it once it is on disk, whole."""
    lines = b"\n".join([*map(line, payloads), b""])
    file = new_delivery(folder, "jsonl")
    durable.put(part_of(file), lines)
    durable.rename(part_of(file), file)
    return file


def new_delivery(folder: Path, kind: str) -> Path:
    """Return the name of a new delivery in `folder`, which is made: by the time, and like no other."""
    return durable.make(folder) / f"{wall():%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.{kind}"


def part_of(file: Path) -> Path:
    """Return where a delivery lies until it is whole: landing does not look there."""
    return file.with_name(f".{file.name}{PART}")


def sweep(folder: Path) -> None:
    """Remove what a process that was killed has left unfinished: it was not acknowledged, so it has come again."""
    for file in folder.glob(f".*{PART}"):
        if wall().timestamp() - file.stat().st_mtime > LEFT_BEHIND.total_seconds():
            file.unlink(missing_ok=True)


def line(payload: bytes) -> bytes:
    r"""Return a message as one line.

    One that is a JSON object is what it was; where it was written over several lines, they are joined. Any other is kept as
    a JSON text, so that landing puts it into quarantine with its own text.

    >>> line(b'{"id": 1}'), line(b'{"id":\n 1}'), line(b"id=1\nid=2"), line(b"[1]"), line(b"")
    (b'{"id": 1}', b'{"id":  1}', b'"id=1\\nid=2"', b'"[1]"', b'""')
    """
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return json.dumps(payload.decode(errors="backslashreplace")).encode()
    if not text.lstrip(" \t\r\n").startswith("{") or (not text.isprintable() and not _is_json(text)):
        return json.dumps(text).encode()
    return payload.replace(b"\r", b" ").replace(b"\n", b" ")  # between the values of a JSON object a line's end is a space


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def batch_seconds(contract: SourceSpec) -> float:
    """Return how long messages are gathered before they are written.

    It is well within what the broker waits for an acknowledgement, and within the freshness wanted.

    >>> batch_seconds(SourceSpec.model_validate({"source": "orders", "columns": {"id": {"type": "integer"}},
    ...     "stream": {"broker": "nats", "address_from": "NATS", "topic": "orders"}}))
    10.0
    """
    hold: timedelta = contract.stream.hold if contract.stream else Stream.model_fields["hold"].default
    held = hold.total_seconds() / 3
    return min(held, contract.freshness.total_seconds() / 4) if contract.freshness else held


def landing_seconds(contract: SourceSpec) -> float:
    """Return how long `receive` waits between two landings of a source that wants freshness: half of it, and not too often."""
    assert contract.freshness is not None
    return max(LEAST_SECONDS_BETWEEN_LANDINGS, contract.freshness.total_seconds() / 2)
