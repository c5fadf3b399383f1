"""`quarantine`: what broke its contract, by source and reason; corrected by a person, or tried again under today's contract."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shipworthy.data.landing import Mending, standing
from shipworthy.data.landing.quarantine import LANDED, OPEN, WITHDRAWN, Row
from shipworthy.data.landing.staging import replaced
from shipworthy.errors import BadData, UnknownName
from shipworthy.flows.landing import land_one
from shipworthy.spec.project import Project, source, sources
from shipworthy.spec.source import SourceSpec

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Record:
    """One open record: its name, where it came in, which column breaks the contract and how, what else does, its text as it is tried."""

    id: str
    delivery: str
    record: int
    column: str | None
    kind: str
    reason: str
    more: str | None
    text: str
    quarantined_at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """Open records of one column and kind: how many, and some of them."""

    column: str | None
    kind: str
    count: int
    examples: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The quarantine of one source: how many records are in each state, and the reasons of the open ones, most first."""

    source: str
    open: int
    landed: int
    withdrawn: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which open records are meant; all that is named must hold, and something must be named.

    Args:
        records: their names.
        kind: the way in which they break the contract.
        values: what a column holds in them as they came.
    """

    records: tuple[str, ...] = ()
    kind: str | None = None
    values: Mapping[str, str] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is named."""
        return not (self.records or self.kind or self.values)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying records again: how many, how many of them are rows of the source now or say again what a row says."""

    source: str
    tried: int
    landed: int
    held: Held


def held(project: Project, only: str | None = None) -> list[Held]:
    """Return the quarantine of every source, or of `only`.

    Raises:
        UnknownName: the project has no such source.
    """
    names = [source(project, only).source] if only else list(sources(project))
    return [_held(project, name) for name in names]


def replay(project: Project, book: Engine, at: datetime, only: str | None = None) -> list[Tried]:
    """Try all open records of every source, or of `only`, under the contract as it is now; what is new is landed besides."""
    contracts = [source(project, only)] if only else list(sources(project).values())
    return [_tried(project, book, contract, at, None) for contract in contracts]


def fix(
    project: Project,
    book: Engine,
    name: str,
    chosen: Selection,
    values: Mapping[str, str],
    *,
    text: str | None = None,
    who: str,
    why: str,
    at: datetime,
) -> Tried:
    """Put `values` (or the whole JSON `text`) in place of what the chosen records of a source hold, and try them again.

    What they came with is kept, and who changed it, when and why.

    Raises:
        UnknownName: no such source, column or open record.
        BadData: nothing is chosen, nothing is given, or `text` is no JSON object.
    """
    contract = source(project, name)
    where = f"quarantine of {name}"
    for column in (*values, *(chosen.values or {})):
        if column not in contract.columns:
            raise UnknownName.of("column", column, known=contract.columns, where=where)
    if not values and text is None:
        raise BadData(where=where, what="no corrected value is given", fix="name it: --set COLUMN=VALUE")
    rows = _chosen(project, contract, chosen, where)
    texts = {row["id"]: _corrected(row, values, text, where) for row in rows}
    return _tried(project, book, contract, at, Mending(texts, who, why))


def _chosen(project: Project, contract: SourceSpec, chosen: Selection, where: str) -> list[Row]:
    opened = {row["id"]: row for row in _rows(project, contract.source) if row["state"] == OPEN}
    if chosen.empty:
        raise BadData(where=where, what="no record is chosen", fix="name records, a kind, or the value that they came with")
    for record in chosen.records:
        if record not in opened:
            raise UnknownName.of("open record", record, known=opened, where=where)
    found = [row for row in opened.values() if _is_meant(row, chosen)]
    if not found:
        raise BadData(
            where=where, what=f"none of {len(opened):,} open records is like that", fix=f"shipworthy quarantine list {contract.source}"
        )
    return found


def _is_meant(row: Row, chosen: Selection) -> bool:
    if (chosen.records and row["id"] not in chosen.records) or (chosen.kind and row["kind"] != chosen.kind):
        return False
    if not chosen.values:
        return True
    said = _values(row["mended"] or row["text"])
    return said is not None and all(_as_written(said.get(column)) == value for column, value in chosen.values.items())


def _values(text: str) -> dict[str, object] | None:
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _as_written(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _corrected(row: Row, values: Mapping[str, str], text: str | None, where: str) -> str:
    whole = text if text is not None else row["mended"] or row["text"]
    if _values(whole) is None:
        what = f"record {row['id']} is no JSON object: {whole[:80]!r}"
        raise BadData(where=where, what=what, fix='give the whole record: --text \'{"COLUMN": "VALUE", ...}\'')
    return replaced(whole, values)


def _tried(project: Project, book: Engine, contract: SourceSpec, at: datetime, mending: Mending | None) -> Tried:
    before = {row["id"] for row in _rows(project, contract.source) if row["state"] == OPEN}
    land_one(project, book, contract, at, mending=mending, replay=mending is None)
    meant = set(mending.texts) if mending else before
    landed = sum(row["state"] == LANDED and row["id"] in meant for row in _rows(project, contract.source))
    return Tried(contract.source, len(meant), landed, _held(project, contract.source))


def _rows(project: Project, name: str) -> list[Row]:
    rows: list[Row] = standing(project.lake, name).quarantine.to_pylist()
    return rows


def _held(project: Project, name: str) -> Held:
    rows = _rows(project, name)
    states = Counter(row["state"] for row in rows)
    opened = [row for row in rows if row["state"] == OPEN]
    reasons = Counter((row["column"], row["kind"]) for row in opened)
    found = tuple(_reason(column, kind, count, opened) for (column, kind), count in reasons.most_common())
    return Held(name, states[OPEN], states[LANDED], states[WITHDRAWN], found)


def _reason(column: str | None, kind: str, count: int, opened: Sequence[Row]) -> Reason:
    like = [row for row in opened if (row["column"], row["kind"]) == (column, kind)][:EXAMPLES]
    return Reason(column, kind, count, tuple(_record(row) for row in like))


def _record(row: Row) -> Record:
    told = {name: row[name] for name in ("id", "delivery", "record", "column", "kind", "reason", "more", "quarantined_at")}
    return Record(**told, text=row["mended"] or row["text"])
