"""What each SQL model of a dbt project says, read once: the same text over the same columns is never read again."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from shipworthy.gateways.sql import GRAMMAR, NotUnderstood, Read, Statement, dialect_of, understand
from shipworthy.gateways.transform import Manifest, Node

RELATIONS = ("source", "seed", "snapshot", "model")
LANDED = "landed"
OURS = "shipworthy"
EPHEMERAL = "__dbt__cte__"
SNAPSHOT_COLUMNS = ("dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to")


@dataclass(slots=True)
class Memory:
    """What was read before, by a hash of all that it depends on; `used` is what was asked for since."""

    known: dict[str, Statement] = field(default_factory=dict)
    used: dict[str, Statement] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path) -> "Memory":
        """Return the memory that `file` holds; none, or one that another release wrote, is empty."""
        try:
            return cls(msgspec.json.decode(file.read_bytes(), type=dict[str, Statement]))
        except (FileNotFoundError, msgspec.DecodeError):
            return cls()

    def keep(self, file: Path) -> None:
        """Write what was used to `file`, if that differs from what it holds; where nothing may be written, nothing is kept."""
        if self.used.keys() != self.known.keys():
            with suppress(PermissionError, FileNotFoundError):  # it is only a memory: a page that is read-only reads again
                beside = file.with_suffix(f".{os.getpid()}")  # several processes may be first
                beside.write_bytes(msgspec.json.encode(self.used))
                beside.replace(file)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the SQL of a project says.

    Args:
        columns: the columns of each relation by its unique id, in order, as far as they are known.
        statements: what each SQL model says; its tables are unique ids, or `outside.NAME`.
        unread: the relations whose columns could not be told, or not all of them, each with the reason.
    """

    columns: dict[str, tuple[str, ...]]
    statements: dict[str, Statement]
    unread: dict[str, str]


def read(manifest: Manifest, root: Path | None = None, memory: Memory | None = None) -> Reading:
    """Return what the SQL of the project says, each model after those that it is built from.

    Args:
        manifest: of a compiled project; of one that was only parsed nothing but tables can be told.
        root: the project's folder, for the head of each seed; without it a seed has the columns that its YAML describes.
        memory: what was read before.
    """
    reading, memory = Reading({}, {}, {}), memory or Memory()
    for node in _in_order(manifest.nodes):
        if node.kind in ("source", "seed"):
            reading.columns[node.unique_id] = tuple(_head(root, node) or node.columns)
            continue
        try:
            statement = _statement(manifest, node, reading, memory)
        except NotUnderstood as trouble:
            reading.unread[node.unique_id] = trouble.what
            reading.columns[node.unique_id] = tuple(node.columns)
        else:
            reading.statements[node.unique_id] = statement
            own = [output.name for output in statement.outputs] + [*(SNAPSHOT_COLUMNS if node.kind == "snapshot" else ())]
            reading.columns[node.unique_id] = tuple(dict.fromkeys(own))
            if statement.vague:
                reading.unread[node.unique_id] = "; ".join(statement.vague)
    return reading


def _in_order(nodes: Mapping[str, Node]) -> Iterator[Node]:
    """Yield the relations of `nodes`, each after its parents; a circle, which dbt would refuse, is cut."""
    done: set[str] = set()
    waiting = [(node.unique_id, False) for node in reversed(list(nodes.values())) if node.kind in RELATIONS]
    while waiting:
        unique_id, ready = waiting.pop()
        if ready:
            yield nodes[unique_id]
        elif unique_id not in done and unique_id in nodes and nodes[unique_id].kind in RELATIONS:
            done.add(unique_id)
            waiting.append((unique_id, True))
            waiting.extend((parent, False) for parent in nodes[unique_id].parents)


def _head(root: Path | None, node: Node) -> list[str]:
    """Return the column names in the first line of a seed's file."""
    file = root / node.path if root and node.kind == "seed" else None
    if file is None or not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines, delimiter=str(node.config.get("delimiter") or ",")), [])


def complete(node: Node, reading: Reading) -> bool:
    """Return whether the known columns of a relation are all that it has."""
    if node.kind == "source":
        return node.source in (LANDED, OURS)
    statement = reading.statements.get(node.unique_id)
    if node.kind == "seed" or statement is None:
        return node.kind == "seed" and bool(reading.columns[node.unique_id])
    return not statement.open and node.unique_id not in reading.unread


def _statement(manifest: Manifest, node: Node, reading: Reading, memory: Memory) -> Statement:
    if node.language != "sql":
        raise NotUnderstood(where=node.name, what=f"is written in {node.language}", fix="")
    if node.code is None:
        raise NotUnderstood(where=node.name, what="dbt has not compiled it", fix="")
    parents = [manifest.nodes[parent] for parent in node.parents if parent in reading.columns]
    known = {_table(parent): reading.columns[parent.unique_id] if complete(parent, reading) else None for parent in parents}
    found = _understood(manifest, node, parents, known, memory)
    if found.vague:  # an open table among several: take what its YAML describes as all that it has
        described = {_table(parent): reading.columns[parent.unique_id] or None for parent in parents}
        again = _understood(manifest, node, parents, described, memory) if described != known else found
        found = again if len(again.vague) < len(found.vague) else found
    return _by_id(found, {_table(parent): parent.unique_id for parent in parents})


def _table(node: Node) -> str:
    """Return how a query names the table of `node`; one that is read from files gets a name in place of the reading."""
    return f'"{node.source}"."{node.name}"' if node.location else node.relation or f"{EPHEMERAL}{node.name}"


def _understood(
    manifest: Manifest, node: Node, parents: list[Node], known: Mapping[str, tuple[str, ...] | None], memory: Memory
) -> Statement:
    places = {parent.location: _table(parent) for parent in parents if parent.location}
    dialect = dialect_of(manifest.adapter)
    key = sha256(json.dumps([GRAMMAR, dialect, node.code, sorted(known.items()), sorted(places.items())]).encode()).hexdigest()
    if key not in memory.used:
        found = memory.known.get(key)
        memory.used[key] = found or understand(node.code or "", dialect, known, where=node.name, stands_for=places)
    return memory.used[key]


def _by_id(statement: Statement, ids: Mapping[str, str]) -> Statement:
    """Return `statement` with tables called by their unique ids."""
    terms = tuple((term[0], ids.get(str(term[1]), term[1]), *term[2:]) if term[0] in ("col", "rows") else term for term in statement.terms)
    return replace(
        statement,
        outputs=tuple(replace(output, reads=_called(output.reads, ids)) for output in statement.outputs),
        rows=_called(statement.rows, ids),
        open=tuple(ids.get(table, table) for table in statement.open),
        terms=terms,
    )


def _called(reads: tuple[Read, ...], ids: Mapping[str, str]) -> tuple[Read, ...]:
    return tuple(Read(ids.get(read.table, read.table), read.column) for read in reads)
