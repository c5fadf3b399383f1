"""A project with one source that comes as a stream, for tests: contracts, topics, what is landed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from shipworthy.gateways import lake
from shipworthy.spec.project import Project, find, sources
from shipworthy.spec.source import SourceSpec

from .publishing import PUBLISHERS, Publisher
from .servers import Server

HOLD_SECONDS = 6  # the least that Kafka allows by default
CONTRACT: dict[str, Any] = {
    "source": "orders",
    "key": ["id"],
    "known_time": "at",
    "quarantine_at_most": 1.0,
    "columns": {
        "id": {"type": "integer"},
        "at": {"type": "timestamp"},
        "day": {"type": "date"},
        "price": {"type": "number", "minimum": 0},
        "paid": {"type": "boolean"},
        "shop": {"type": "text", "allowed": ["lotus", "crane"]},
    },
}


@dataclass(frozen=True, slots=True)
class Streaming:
    """A project whose source `orders` is a stream of its own topic."""

    root: Path
    publisher: Publisher
    topic: str

    @property
    def project(self) -> Project:
        return find(self.root)

    @property
    def contract(self) -> SourceSpec:
        return sources(self.project)["orders"]

    def send(self, *payloads: bytes) -> None:
        self.publisher.send(self.topic, payloads)

    def delivered(self) -> list[str]:
        """Return all lines of all deliveries."""
        files = sorted((self.project.received / "orders").glob("*.jsonl"))
        return [line for file in files for line in file.read_text().splitlines()]

    def rows(self) -> list[dict[str, Any]]:
        """Return what is landed, by key."""
        found: list[dict[str, Any]] = lake.read(self.project.lake, "sources/orders", columns=list(CONTRACT["columns"])).to_pylist()
        return sorted(found, key=lambda row: (row["id"], row["at"]))


def streaming(root: Path, broker: str, server: Server, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Streaming:
    """Make a project in `root` whose source `orders` comes from a new topic of `server`."""
    topic = f"orders-{uuid4().hex[:8]}"
    made = Streaming(root, PUBLISHERS[broker](server.address), topic)
    made.publisher.make(topic)
    monkeypatch.setenv("BROKER", server.address)
    stream = {"broker": broker, "address_from": "BROKER", "topic": topic, "hold": f"{HOLD_SECONDS} seconds"}
    (root / "sources").mkdir(parents=True)
    (root / "sources" / "orders.yml").write_text(yaml.safe_dump(CONTRACT | {"stream": stream} | more, sort_keys=False))
    (root / "shipworthy.yml").write_text("{}\n")
    return made
