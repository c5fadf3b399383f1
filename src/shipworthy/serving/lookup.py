"""Looks features up in the online store: for each row that gives its decision alone, what counts at its moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shipworthy.errors import NoFeatures
from shipworthy.gateways.online.entry import Entry, KeyValue, Publication, Value, from_micros, in_effect, key, micros, unpack
from shipworthy.gateways.online.store import Store
from shipworthy.logbook.segments import LookedUp
from shipworthy.registry.schema import Lookup, Schema
from shipworthy.serving.forms import Row

ABSENT, NOT_YET, TOO_OLD, NOT_KEPT = "absent", "not known yet", "too old", "not kept"
"""Why features are null: the store has no such entity; its first row counts later; its row is older than `max_age`; the decision lies
before what the store still keeps."""


@dataclass(frozen=True)
class LookupRoom:
    """Completes rows out of the online store."""

    store: Store

    def complete(self, schema: Schema, rows: Sequence[Row]) -> list[Row]:
        """Return `rows` in order with every feature; what was looked up is of one and the same publish, and said in `lookups`.

        A row that was sent with every feature stays as it is. Where no row of an entity counts at the decision, or it is older than
        `max_age`, its features are null and `missing` says why.

        Raises:
            NoFeatures: the store cannot be reached, or holds nothing of a relation.
        """
        asked = _asked(schema, rows)
        if not asked:
            return list(rows)
        found = _Found(schema, self.store.fetch(asked))
        return [row if row.keys is None else found.completed(row) for row in rows]

    def features(self, schema: Schema, decision: Row) -> tuple[dict[str, Value], dict[str, LookedUp]]:
        """Return the features that can be looked up for a decision, of which only the keys need be known, and where they are from.

        Raises:
            NoFeatures: as `complete`.
        """
        return _Found(schema, self.store.fetch(_asked(schema, [decision]))).features(decision)


def _asked(schema: Schema, rows: Sequence[Row]) -> dict[str, list[bytes]]:
    """Return the entities to fetch of each relation, each once."""
    asked: dict[str, dict[bytes, None]] = {}
    for row in rows:
        for lookup in schema.lookups if row.keys is not None else ():
            asked.setdefault(lookup.relation, {})[_key(lookup, row.keys or {})] = None
    return {relation: list(keys) for relation, keys in asked.items()}


def _key(lookup: Lookup, keys: Mapping[str, KeyValue]) -> bytes:
    return key(keys[one.name] for one in lookup.keys)


class _Found:
    """What was fetched for the rows of one request."""

    def __init__(self, schema: Schema, shelves: Mapping[str, tuple[Publication, Mapping[bytes, bytes]]]) -> None:
        self._schema, self._shelves = schema, shelves
        self._places = {lookup.name: _places(lookup, shelves[lookup.relation][0]) for lookup in schema.lookups}

    def completed(self, row: Row) -> Row:
        """Return `row` with every feature, and with what was looked up."""
        values, lookups = self.features(row)
        inputs = {name: row.inputs[name] if name in row.inputs else values[name] for name in self._schema.names}
        return replace(row, inputs=inputs, keys=None, lookups=lookups)

    def features(self, row: Row) -> tuple[dict[str, Value], dict[str, LookedUp]]:
        """Return what the lookups of `row` give, and what each came to."""
        values: dict[str, Value] = {}
        lookups = {}
        for lookup in self._schema.lookups:
            lookups[lookup.name], found = self._look(lookup, row)
            values |= found
        return values, lookups

    def _look(self, lookup: Lookup, row: Row) -> tuple[LookedUp, dict[str, Value]]:
        publication, packed = self._shelves[lookup.relation]
        keys = row.keys or {}
        entry, missing = _entry(lookup, row.decided_at, publication, packed.get(_key(lookup, keys)))
        sent = [name for name in lookup.columns if name in row.inputs] if lookup.may_be_sent else []
        times = (from_micros(entry.event), from_micros(entry.known)) if entry else (None, None)
        named = {one.name: _plain(keys[one.name]) for one in lookup.keys}
        said = LookedUp(lookup.relation, named, publication.version, publication.as_of, publication.definition, *times, missing, sent)
        if entry is None or missing is not None:
            return said, dict.fromkeys(lookup.columns)
        return said, {name: entry.values[place] for name, place in self._places[lookup.name]}


def _places(lookup: Lookup, publication: Publication) -> list[tuple[str, int]]:
    """Return where in an entry the value of each feature stands."""
    gone = [column for column in lookup.columns.values() if column not in publication.columns]
    if gone:
        what = f"hold no column '{gone[0]}', which the model that answers learnt from"
        fix = f"bring it back in the SQL of {lookup.relation} and build, or train again without it"
        raise NoFeatures(where=f"online features of {lookup.relation}", what=what, fix=fix)
    return [(name, publication.columns.index(column)) for name, column in lookup.columns.items()]


def _entry(lookup: Lookup, at: datetime, publication: Publication, packed: bytes | None) -> tuple[Entry | None, str | None]:
    """Return the row that counts, and why it does not serve, None where it does."""
    if packed is None:
        return None, ABSENT
    entry = in_effect(unpack(packed), at)
    if entry is None:
        return None, NOT_YET if at >= publication.since else NOT_KEPT
    oldest = None if lookup.max_age_seconds is None else micros(at) - timedelta(seconds=lookup.max_age_seconds) // timedelta(microseconds=1)
    return entry, TOO_OLD if oldest is not None and entry.event is not None and entry.event < oldest else None


def _plain(value: KeyValue) -> bool | int | float | str | None:
    return value.isoformat() if isinstance(value, date) else value
